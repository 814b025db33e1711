"""Notes where each studio's log stands, in the platform's: a timer's work, once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from access import services as access


class Command(BaseCommand):
    """Whoever keeps the platform's checkpoint can see that no studio's log was ever another one."""

    help = "Notes each studio's newest signed checkpoint in the platform's log; may be repeated."

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(f"noted: {access.note_checkpoints()}")
