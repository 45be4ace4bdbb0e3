"""The worker process: Celery only wakes workers, the job row is the queue (see vru.jobs)."""

import os

from celery import Celery
from celery.signals import worker_init

from vru.demo.guard import refuse_demo_accounts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vru.settings")
app = Celery("vru")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["vru.jobs", "grants", "evaluation"])
# "Current" is per thread: without this a web server's threads would wake workers through an unconfigured app.
app.set_default()


@worker_init.connect
def refuse_to_start_beside_demo_accounts(**_: object) -> None:
    refuse_demo_accounts()
