from django.apps import AppConfig


class ExitConfig(AppConfig):
    name = "tenants.exit"
    label = "exit"
