from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        """Register the checks that refuse an unsafe start."""
        from config import checks  # noqa: F401, PLC0415  # registers itself; needs the app registry
