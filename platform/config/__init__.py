"""The composition root: settings, urls, the Celery app and the embedded services. Imported by no other room.

The Celery app is imported here, or a bell rung by `celery.current_app` would go to a default broker and be lost.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
