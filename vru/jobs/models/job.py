"""A piece of background work. The row is the queue: Celery only wakes workers up."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from vru.lib.constraints import one_of
from vru.lib.state_machine import StateMachine

if TYPE_CHECKING:
    from vru.accounts.models import User


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User) -> JobQuerySet:
        """Staff see every job; anybody else sees what they asked for themselves."""
        if user.is_staff_member:
            return self
        return self.filter(requested_by=user)

    def live(self) -> JobQuerySet:
        return self.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])

    def expired(self, now: datetime) -> JobQuerySet:
        """Running jobs whose worker has not been heard of for a whole lease."""
        return self.filter(status=Job.Status.RUNNING, lease_expires_at__lt=now)

    def claimable(self, now: datetime) -> JobQuerySet:
        """What a worker may take, oldest first: waiting jobs, and lost ones that have an attempt left."""
        lost = Q(
            status=Job.Status.RUNNING,
            lease_expires_at__lt=now,
            attempts__lt=settings.JOB_MAX_ATTEMPTS,
            cancel_requested=False,
        )
        return self.filter(Q(status=Job.Status.QUEUED) | lost).order_by("created_at", "pk")


class Job(models.Model):
    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting to start"
        RUNNING = "running", "Running"
        DONE = "done", "Finished"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    stage = models.CharField(max_length=120, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="jobs")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(
        max_length=120, blank=True, help_text="Unique to one claim: host, process and a random part."
    )
    error = models.TextField(blank=True)
    result = models.JSONField(default=dict, blank=True)
    cancel_requested = models.BooleanField(default=False)
    lock_key = models.CharField(
        max_length=120, blank=True, help_text="At most one live job holds a key; blank means no limit."
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind=""), name="job_kind_given"),
            one_of("status", ["queued", "running", "done", "failed", "cancelled"], name="job_status_known"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="job_percent_0_to_100"),
            models.CheckConstraint(
                condition=Q(status="running", lease_expires_at__isnull=False, started_at__isnull=False) & ~Q(worker="")
                | ~Q(status="running") & Q(lease_expires_at__isnull=True),
                name="job_leased_only_while_running",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "failed", "cancelled"], finished_at__isnull=False)
                | Q(status__in=["queued", "running"], finished_at__isnull=True),
                name="job_finished_at_when_over",
            ),
            models.CheckConstraint(
                condition=Q(status="failed") & ~Q(error="") | ~Q(status="failed") & Q(error=""),
                name="job_error_when_failed",
            ),
            models.UniqueConstraint(
                fields=["lock_key"],
                condition=Q(status__in=["queued", "running"]) & ~Q(lock_key=""),
                name="job_one_live_per_key",
            ),
        ]
        indexes = [
            # The worker's next job, and the sweeper's search for lost ones.
            models.Index(fields=["status", "created_at", "id"], name="job_queue"),
            # "My reports": one person's jobs, newest first.
            models.Index(fields=["requested_by", "-created_at", "-id"], name="job_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.status in (Job.Status.QUEUED, Job.Status.RUNNING)

    def can_move_to(self, status: str) -> bool:
        return JOB_STATES.can(Job.Status(self.status), Job.Status(status))

    @property
    def can_cancel(self) -> bool:
        return self.can_move_to(Job.Status.CANCELLED) and not self.cancel_requested

    @property
    def can_retry(self) -> bool:
        return not self.is_live and self.can_move_to(Job.Status.QUEUED)


# Running to queued is the sweeper giving a lost job back.
JOB_STATES = StateMachine(
    "job",
    {
        Job.Status.QUEUED: frozenset({Job.Status.RUNNING, Job.Status.CANCELLED}),
        Job.Status.RUNNING: frozenset({Job.Status.QUEUED, Job.Status.DONE, Job.Status.FAILED, Job.Status.CANCELLED}),
        Job.Status.DONE: frozenset(),
        Job.Status.FAILED: frozenset({Job.Status.QUEUED}),
        Job.Status.CANCELLED: frozenset({Job.Status.QUEUED}),
    },
)
