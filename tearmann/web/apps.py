from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tearmann.web"
    label = "web"
    verbose_name = "Pages"
