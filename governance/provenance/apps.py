from django.apps import AppConfig


class ProvenanceConfig(AppConfig):
    name = "governance.provenance"
    label = "provenance"
