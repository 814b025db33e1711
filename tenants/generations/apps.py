"""The app of the room."""

from django.apps import AppConfig


class GenerationsConfig(AppConfig):
    name = "tenants.generations"
    label = "generations"
