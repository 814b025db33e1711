from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"
    label = "access"

    def ready(self) -> None:
        """Connect the only receivers in the house, and have passwords taken as they are typed."""
        from access import signals  # noqa: F401, PLC0415  # connects itself; needs the app registry
        from access.passwords import take_exactly  # noqa: PLC0415  # the library's forms need the app registry

        take_exactly()
