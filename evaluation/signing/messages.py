"""Who is told what about signing. Called by the actions inside their transaction: what is rolled back tells nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from evaluation.messages import tell_of_edition
from evaluation.models import Edition
from vru.accounts.models import Role, User
from vru.jobs.models import Job, Topic


def signers() -> list[User]:
    return list(User.objects.with_role(Role.DIRECTOR).filter(is_active=True).order_by("name", "pk"))


def writers(edition: Edition) -> list[User]:
    """Those who wrote, own or approved a section, and who asked for the edition."""
    held = edition.report.sections.values_list("owner", "updated_by", "approved_by")
    people = {person for row in held for person in row} | {edition.requested_by_id, edition.review_by_id}
    known = [person for person in people if person is not None]
    return list(User.objects.filter(pk__in=known, is_active=True).order_by("name", "pk"))


def tell_review(edition: Edition) -> int:
    """Those who can sign, except the person who sent it to them."""
    sender = edition.review_by
    return _tell(
        [each for each in signers() if each.pk != edition.review_by_id],
        edition,
        key=f"review of edition {edition.pk} {edition.review_at:%Y%m%d%H%M%S}",
        title="A report waits for your signature",
        text=f"{edition}. {sender.name if sender else 'Somebody'} sent it to you.",
        template="report_review",
        page="evaluation:sign-off",
        action="Open the checks",
        sender=sender.name if sender else "",
    )


def tell_back(edition: Edition, by: User, reason: str) -> int:
    """Whoever sent it to be signed, and those who wrote it. The reason stays behind the sign-in."""
    return _tell(
        [each for each in writers(edition) if each.pk != by.pk],
        edition,
        key=f"back to draft of edition {edition.pk} {edition.review_at:%Y%m%d%H%M%S}",
        title="A report was sent back instead of signed",
        text=f"{edition}. {by.name}: {reason}",
        template="report_back",
        sender=by.name,
    )


def tell_signed(edition: Edition) -> int:
    return _tell(
        [each for each in writers(edition) if each.pk != edition.signed_by_id],
        edition,
        key=f"signed edition {edition.pk}",
        title="A report was signed",
        text=f"{edition}. {edition.signed_name}, {edition.signed_role}, signed it.",
        template="report_signed",
        who=f"{edition.signed_name}, {edition.signed_role}",
    )


def tell_finished(edition: Edition) -> int:
    """Whoever signed: the final files are there, and can be sent."""
    return _tell(
        [edition.signed_by] if edition.signed_by is not None else [],
        edition,
        key=f"finished edition {edition.pk}",
        title="The final files of a report you signed are ready",
        text=f"{edition}. They can be sent now, and never change.",
        template="report_finished",
    )


def tell_not_finished(job: Job, edition: Edition) -> int:
    """Whoever signed: the signature stands, and the files can be asked for again. Each attempt is told."""
    return _tell(
        [job.requested_by],
        edition,
        key=f"edition {edition.pk} not finished in job {job.pk} at {job.finished_at:%Y-%m-%dT%H:%M:%S}",
        title="The final files of a report you signed were not made",
        text=job.error,
        template="report_not_finished",
        reason=job.error,
    )


def tell_sent(edition: Edition) -> int:
    return _tell(
        [each for each in writers(edition) if each.pk != edition.sent_by_id],
        edition,
        key=f"sent edition {edition.pk}",
        title="A report was sent",
        text=f"{edition} went to {edition.sent_to}.",
        template="report_sent",
        to=edition.sent_to,
    )


def _tell(
    people: Iterable[User],
    edition: Edition,
    *,
    key: str,
    title: str,
    text: str,
    template: str,
    page: str = "evaluation:report",
    **words: Any,
) -> int:
    href = reverse(page, args=[edition.pk])
    return sum(
        tell_of_edition(
            edition,
            user,
            key=key,
            title=title,
            text=text,
            template=template,
            href=href,
            topic=Topic.REPORT,
            number=edition.number,
            **words,
        )
        for user in people
    )
