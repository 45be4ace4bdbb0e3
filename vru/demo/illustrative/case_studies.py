"""Case studies taken from the illustrative returns: with consent for different readers, and one withdrawn."""

from __future__ import annotations

import datetime

from django.db.models import Q

from evaluation.models import CaseStudy
from evaluation.writing_aid.stories import told_in
from grants.models import Revision
from vru.accounts.models import Role, User
from vru.demo.illustrative.words import CASE_STUDIES
from vru.lib.layers import Layer
from vru.lib.periods import due_at

TITLES = dict(zip(CASE_STUDIES, ("Staying for the music", "Making the tea"), strict=True))
SCOPES = (CaseStudy.Scope.PUBLIC, CaseStudy.Scope.FUNDER, CaseStudy.Scope.INTERNAL, CaseStudy.Scope.PUBLIC)
NOTE = "On paper; held by the grantee's manager."
WITHDRAWN = "The young person asked the grantee to take it back."


def put_case_studies() -> int:
    """One for each reach of consent, unless the layer has some; how many were made. The last one was withdrawn."""
    if CaseStudy.objects.in_layer(Layer.ILLUSTRATIVE).exists():
        return 0
    analyst = User.objects.with_role(Role.ANALYST).order_by("pk").first()
    made = 0
    for index, revision in enumerate(_telling(len(SCOPES))):
        story = told_in(revision)
        if story is None or revision.approved_at is None:
            continue
        sent = revision.approved_at.date()
        gone = due_at(sent + datetime.timedelta(days=30)) if index == len(SCOPES) - 1 and analyst else None
        CaseStudy.objects.create(
            ref=f"{revision.monitoring_return.commitment.ref.lower()}-1",
            commitment=revision.monitoring_return.commitment,
            revision=revision,
            title=TITLES.get(story.text, "What one person found"),
            text=story.text,
            scope=SCOPES[index],
            consent_on=sent - datetime.timedelta(days=10),
            consent_note=NOTE,
            kept_by=analyst,
            withdrawn_at=gone,
            withdrawn_by=analyst if gone else None,
            withdrawn_because=WITHDRAWN if gone else "",
        )
        made += 1
    return made


def _telling(most: int) -> list[Revision]:
    """The first approved returns with a case study that people agreed to, each of another award."""
    agreed = Q(answers__question__section="H", answers__question__kind="yes_no", answers__text="yes")
    rows = (
        Revision.objects.filter(
            agreed,
            approved_at__isnull=False,
            superseded_at__isnull=True,
            monitoring_return__commitment__programme__layer=Layer.ILLUSTRATIVE,
        )
        .select_related("monitoring_return__commitment")
        .prefetch_related("answers__question")
        .order_by("monitoring_return__quarter__year", "monitoring_return__quarter__number", "pk")
    )
    found: dict[int, Revision] = {}
    for revision in rows[: 4 * most]:
        found.setdefault(revision.monitoring_return.commitment_id, revision)
    return list(found.values())[:most]
