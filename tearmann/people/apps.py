from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tearmann.people"
    label = "people"
    verbose_name = "People"
