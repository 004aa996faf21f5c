from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tearmann.ledger"
    label = "ledger"
    verbose_name = "The two logs"
