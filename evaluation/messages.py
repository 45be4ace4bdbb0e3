"""Who is told what about reports. Called inside the transaction that causes it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from evaluation.models import Edition
from programmes.models import Unit
from vru.accounts.models import User
from vru.jobs.actions import notify
from vru.jobs.models import Job, Topic
from vru.lib.layers import Layer


def tell_ready(edition: Edition, person: User) -> bool:
    """The draft somebody asked for can be read."""
    return tell_of_edition(
        edition,
        person,
        key=f"edition {edition.pk} ready",
        title="A report is ready",
        text=f"{edition} can be read.",
        template="report_ready",
    )


def tell_failed(job: Job, edition: Edition) -> bool:
    """The draft somebody asked for was not made. Each attempt that ends so is told."""
    href = reverse("evaluation:report-job", args=[job.pk])
    return tell_of_edition(
        edition,
        job.requested_by,
        key=f"edition {edition.pk} failed in job {job.pk} at {job.finished_at:%Y-%m-%dT%H:%M:%S}",
        title="A report was not made",
        text=job.error,
        template="report_failed",
        href=href,
        reason=job.error,
        action="See what happened",
    )


def tell_of_edition(
    edition: Edition,
    person: User,
    *,
    key: str,
    title: str,
    text: str,
    template: str,
    href: str = "",
    topic: Topic = Topic.JOB,
    **words: Any,
) -> bool:
    """One message about an edition; whether the person was told now. ``words`` are what the mail's template needs."""
    unit = Unit.objects.first()
    context = {
        "unit_name": unit.name if unit else "Violence reduction unit",
        "about": str(edition.report),
        "edition": str(edition),
        "facts": [("Report", str(edition.report)), ("Edition", f"{edition.number}, as at {edition.as_at:%d/%m/%Y}")],
        "action": "Open the edition",
        "ask": "Questions about the site: ask the administrator of your unit.",
        "why": "You get this because you asked for this report or take part in it.",
        "is_illustrative": edition.layer == Layer.ILLUSTRATIVE,
        **words,
    }
    return notify(
        user=person,
        topic=topic,
        key=key,
        title=title,
        text=text,
        href=href or reverse("evaluation:report", args=[edition.pk]),
        template=template,
        context=context,
    )
