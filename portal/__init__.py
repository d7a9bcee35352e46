"""The top room of the house: settings, URLs, Celery, home page, staff start page."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
