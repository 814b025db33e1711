from django.apps import AppConfig
from django.conf import settings


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        """Refuse an unsafe start: here, because no process of ours gets past this, whichever door it takes."""
        from config import checks  # noqa: PLC0415  # registers its checks; needs the app registry

        if settings.PROCESS in {*checks.WATCHED, "beat"}:
            checks.refuse_unsafe()
