"""The app of the room."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.UUIDField"
