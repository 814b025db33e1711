from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"
    label = "access"

    def ready(self) -> None:
        """Connect the only receivers in the house."""
        from access import signals  # noqa: F401, PLC0415  # connects itself; needs the app registry
