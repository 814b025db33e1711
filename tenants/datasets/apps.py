from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "tenants.datasets"
    label = "datasets"
