"""The composition root as an app: it owns the commands that span apps and holds no models."""

from django.apps import AppConfig

from vru.celery import app as celery_app


class VruConfig(AppConfig):
    name = "vru"
    verbose_name = "Violence reduction unit"
    # Every process that can enqueue a job needs the configured Celery app, not only the worker.
    celery_app = celery_app
