from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "tearmann.casework"
    label = "casework"
    verbose_name = "Casework"
