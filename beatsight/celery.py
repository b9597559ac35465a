"""The Celery app: `celery -A beatsight worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beatsight.settings.dev")

app = Celery("beatsight")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
