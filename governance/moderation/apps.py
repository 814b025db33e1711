from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "governance.moderation"
    label = "moderation"
