"""The Celery app: two kinds of queue, a timetable that only rings, and tasks by name.

A message carries nothing but the kind of work, so no result is stored and no argument is logged. Tickets in the
database are the truth; a bell that dies with its worker or broker costs seconds.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("guildhall")
app.config_from_object("django.conf:settings", namespace="CELERY")
