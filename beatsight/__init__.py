"""The wiring: settings, URLs, ASGI, Celery, and the pages that show several rooms at once."""

from .celery import app as celery_app

__all__ = ["celery_app"]
