"""Who is told what about a return. Called by the actions inside their transaction: what is rolled back tells nobody.

Each function tells every person concerned once per occasion and returns how many were told now. Mail holds no figures
and no words that people typed: those stay behind the sign-in.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from grants.models import Commitment, MonitoringReturn, ReturnExtension, ReturnQuery, Revision, Variation
from grants.models.monitoring_return import WITH_GRANTEE
from grants.timetable.locks import lock_of
from programmes.models import Unit
from vru.accounts.models import Membership, Role, User
from vru.jobs.actions import notify
from vru.jobs.models import Topic
from vru.lib.layers import Layer
from vru.lib.periods import long_date

# It came in once, and went back with questions or for a correction.
SENT_BACK = (MonitoringReturn.Status.QUERIED, MonitoringReturn.Status.REOPENED)


def tell_opened(item: MonitoringReturn) -> int:
    return _tell(
        submitters(item),
        item,
        Topic.RETURN_OPENED,
        key=f"opened return {item.pk}",
        title=f"Your return for {item.quarter} is open",
        text=f"{item.commitment.title}. It is due on {long_date(item.due_on)}.",
        template="opened",
    )


def tell_received(revision: Revision) -> int:
    item = revision.monitoring_return
    return _tell(
        reviewers(item),
        item,
        Topic.RETURN_RECEIVED,
        key=f"received revision {revision.pk}",
        title=f"{item.commitment.organisation} sent its return for {item.quarter}",
        text=f"{item.commitment.title}. It is waiting for your review.",
        template="received",
        page="returns:review",
        for_staff=True,
        needs_signature=revision.lacks_signature,
    )


def tell_signature_wanted(revision: Revision) -> int:
    """Signatories and those who sign for them, except the person who submitted.

    When nobody else there can sign, the unit is told instead, because only it can see to that.
    """
    item = revision.monitoring_return
    people = signers(item, timezone.localdate(), submitted_by=revision.submitted_by_id)
    if people or not revision.lacks_signature:
        return _tell(
            people,
            item,
            Topic.SIGNATURE,
            key=f"signature wanted of revision {revision.pk}",
            title=f"The return for {item.quarter} waits for your signature",
            text=f"{item.commitment.title}. Somebody at {item.commitment.organisation} filled it in and sent it.",
            template="signature_wanted",
        )
    return _tell(
        reviewers(item),
        item,
        Topic.SIGNATURE,
        key=f"nobody can sign revision {revision.pk}",
        title=f"Nobody at {item.commitment.organisation} can sign its return for {item.quarter}",
        text="The grant asks for a second signature. Invite a signatory, or record why one person may do both.",
        template="signature_missing",
        page="returns:review",
        for_staff=True,
    )


def tell_signed(revision: Revision) -> int:
    """Whoever sent a version that waited: it is signed, and with the unit."""
    item = revision.monitoring_return
    return _tell(
        [revision.submitted_by] if revision.submitted_by_id != revision.signed_by_id else [],
        item,
        Topic.SIGNATURE,
        key=f"signed revision {revision.pk}",
        title=f"Your return for {item.quarter} is signed and has come to us",
        text=f"{item.commitment.title}. There is nothing more to do until we have looked at it.",
        template="signed",
    )


def tell_sent_back(revision: Revision) -> int:
    """Whoever sent a version that was not signed, and the others who fill in returns there."""
    item = revision.monitoring_return
    return _tell(
        _once([revision.submitted_by, *submitters(item)]),
        item,
        Topic.SIGNATURE,
        key=f"sent back revision {revision.pk}",
        title=f"Your return for {item.quarter} was sent back instead of signed",
        text=f"{item.commitment.title}. The reason is on the return's page: mend it and send the return again.",
        template="sent_back",
    )


def tell_queried(query: ReturnQuery) -> int:
    """Questions raised on one day about one version are told once: a reviewer writes several in a row."""
    revision = query.revision
    item = revision.monitoring_return
    return _tell(
        _once([*submitters(item), revision.submitted_by]),
        item,
        Topic.RETURN_DECIDED,
        key=f"queried revision {revision.pk} on {timezone.localdate(query.raised_at).isoformat()}",
        title=f"There are questions about your return for {item.quarter}",
        text=f"{item.commitment.title}. Answer them, mend what is asked for, and send the return again.",
        template="queried",
    )


def tell_approved(revision: Revision) -> int:
    item = revision.monitoring_return
    return _tell(
        submitters(item),
        item,
        Topic.RETURN_DECIDED,
        key=f"approved revision {revision.pk}",
        title=f"Your return for {item.quarter} is approved",
        text=f"{item.commitment.title}. There is nothing more to do for this quarter.",
        template="approved",
    )


def tell_reopened(item: MonitoringReturn) -> int:
    """A return may be reopened again after each correction: the version corrected and the day name the occasion."""
    latest = Revision.objects.filter(monitoring_return=item).order_by("-number").first()
    day = timezone.localdate().isoformat()
    return _tell(
        submitters(item),
        item,
        Topic.RETURN_DECIDED,
        key=f"reopened return {item.pk} after revision {latest.pk if latest else 0} on {day}",
        title=f"Your return for {item.quarter} is open again for a correction",
        text=f"{item.commitment.title}. The reason is on the return's page.",
        template="reopened",
    )


def tell_extension_asked(extension: ReturnExtension) -> int:
    item = extension.monitoring_return
    return _tell(
        reviewers(item),
        item,
        Topic.EXTENSION,
        key=f"asked for extension {extension.pk}",
        title=f"{item.commitment.organisation} asks for more time for {item.quarter}",
        text=f"{item.commitment.title}. They ask to send the return by {long_date(extension.until)}.",
        template="extension_asked",
        for_staff=True,
        until=extension.until,
    )


def tell_extension_decided(extension: ReturnExtension) -> int:
    item = extension.monitoring_return
    granted = extension.status == ReturnExtension.Status.GRANTED
    last_day = long_date(extension.until if granted else item.due_on)
    return _tell(
        submitters(item),
        item,
        Topic.EXTENSION,
        key=f"decided extension {extension.pk}",
        title=f"You have more time for {item.quarter}" if granted else f"No more time for {item.quarter}",
        text=f"{item.commitment.title}. The return is due on {last_day}.",
        template="extension_granted" if granted else "extension_refused",
        due_on=extension.until if granted else item.due_on,
    )


def tell_variation_asked(variation: Variation) -> int:
    grant = variation.commitment
    return tell_about_award(
        managers_of(grant),
        grant,
        key=f"asked for variation {variation.pk}",
        title=f"{grant.organisation} asks for a change to its award",
        text=f"{grant.title}. Turn it into figures and propose it, or refuse it with a reason.",
        template="variation_asked",
        href=reverse("grants:variation", args=[grant.ref, variation.number]),
        for_staff=True,
    )


def tell_variation_decided(variation: Variation) -> int:
    """The organisation, when its award has changed or what it asked for was refused. A proposal refused inside the unit
    was never the grantee's business.
    """
    grant = variation.commitment
    approved = variation.status == Variation.Status.APPROVED
    if not approved and variation.asked_by_id is None:
        return 0
    return tell_about_award(
        submitters_of(grant),
        grant,
        key=f"decided variation {variation.pk}",
        title="Your award has changed" if approved else "The change you asked for was refused",
        text=f"{grant.title}. {'What changed' if approved else 'The reason'} is on the award's page.",
        template="variation_approved" if approved else "variation_refused",
        href=reverse("grants:variation", args=[grant.ref, variation.number]),
    )


def tell_about_award(
    people: Iterable[User],
    grant: Commitment,
    *,
    key: str,
    title: str,
    text: str,
    template: str,
    href: str,
    for_staff: bool = False,
    **words: Any,
) -> int:
    """A message about an award rather than one return of it. Returns how many were told now."""
    context = {**_context_of(grant, for_staff=for_staff), "action": "Open the award's page", **words}
    return sum(
        notify(
            user=user,
            topic=Topic.AWARD,
            key=key,
            title=title,
            text=text,
            href=href,
            template=template,
            context=context,
        )
        for user in people
    )


def remind(item: MonitoringReturn, today: datetime.date, *, occasion: datetime.date | None = None) -> int:
    """Say how long there is, how late it is, or that questions wait for answers. Nobody for what is not with them.

    ``occasion`` is the day the reminder was planned for: each occasion is told once, whatever the day on which the
    clock came round to it.
    """
    if item.status not in WITH_GRANTEE:
        return 0
    days = (item.due_on - today).days
    is_back = item.status in SENT_BACK
    lock = lock_of(item, today)
    if is_back:
        title = f"We are waiting for your return for {item.quarter} to come back"
        text = f"{item.commitment.title}. What we asked for is on the return's page."
    elif days >= 0:
        title = f"Your return for {item.quarter} is due {_in_days(days)}"
        text = f"{item.commitment.title}. It is due on {long_date(item.due_on)}."
    else:
        title = f"Your return for {item.quarter} is overdue"
        text = f"{item.commitment.title}. It was due on {long_date(item.due_on)}."
    return _tell(
        submitters(item),
        item,
        Topic.REMINDER,
        key=f"reminder of return {item.pk} for {(occasion or today).isoformat()}",
        title=title,
        text=text,
        template="reminder",
        days=days,
        is_back=is_back,
        lock=lock,
    )


def submitters(item: MonitoringReturn) -> list[User]:
    """Who fills in returns for the organisation now; a signatory alone there counts, so that somebody is told."""
    return submitters_of(item.commitment)


def submitters_of(grant: Commitment) -> list[User]:
    members = Membership.objects.current().filter(organisation=grant.organisation_id)
    chosen = members.filter(role=Membership.Role.SUBMITTER)
    people = User.objects.filter(is_active=True)
    found = list(people.filter(pk__in=chosen.values("user")))
    return found or list(people.filter(pk__in=members.values("user")))


def signers(item: MonitoringReturn, today: datetime.date, *, submitted_by: int) -> list[User]:
    """Who can be the second person: never who submitted, nor who signs for that person alone."""
    able = User.objects.signing_for(item.commitment.organisation_id, today, submitted_by=submitted_by)
    return list(able.exclude(pk=submitted_by))


def reviewers(item: MonitoringReturn) -> list[User]:
    """The return's reviewer or the grant's manager; where there is neither, every programme manager."""
    if item.reviewer is not None and item.reviewer.has_role(Role.PROGRAMME_MANAGER):
        return [item.reviewer]
    return managers_of(item.commitment)


def managers_of(grant: Commitment) -> list[User]:
    """The grant's manager, or every programme manager where it has none."""
    if grant.manager is not None and grant.manager.has_role(Role.PROGRAMME_MANAGER):
        return [grant.manager]
    return list(User.objects.with_role(Role.PROGRAMME_MANAGER).filter(is_active=True))


def _in_days(days: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def _once(people: Iterable[User]) -> list[User]:
    return list({user.pk: user for user in people}.values())


def _tell(
    people: Iterable[User],
    item: MonitoringReturn,
    topic: Topic,
    *,
    key: str,
    title: str,
    text: str,
    template: str,
    page: str = "returns:tasks",
    for_staff: bool = False,
    due_on: datetime.date | None = None,
    **words: Any,
) -> int:
    href = reverse(page, args=[item.commitment.ref, item.quarter.key])
    context = {**_context(item, due_on or item.due_on, for_staff=for_staff), **words}
    return sum(
        notify(user=user, topic=topic, key=key, title=title, text=text, href=href, template=template, context=context)
        for user in people
    )


def _context(item: MonitoringReturn, due_on: datetime.date, *, for_staff: bool) -> dict[str, Any]:
    context = _context_of(item.commitment, for_staff=for_staff)
    facts = [*context["facts"], ("Quarter", str(item.quarter)), ("Due", long_date(due_on))]
    return context | {"quarter": str(item.quarter), "due_on": due_on, "facts": facts, "action": "Open the return"}


def _context_of(grant: Commitment, *, for_staff: bool) -> dict[str, Any]:
    unit = Unit.objects.first()
    unit_name = unit.name if unit else "Violence reduction unit"
    return {
        "unit_name": unit_name,
        "about": grant.title,
        "organisation": str(grant.organisation),
        "facts": [("Grant", f"{grant.title} ({grant.ref})"), ("Organisation", str(grant.organisation))],
        "ask": _whom_to_ask(grant, unit_name, for_staff=for_staff),
        "why": "You get this because you look after this grant."
        if for_staff
        else f"You get this because you act for {grant.organisation}.",
        "is_illustrative": grant.programme.layer == Layer.ILLUSTRATIVE,
    }


def _whom_to_ask(grant: Commitment, unit_name: str, *, for_staff: bool) -> str:
    manager = grant.manager
    if for_staff:
        return "Questions about the site: ask the administrator of your unit."
    if manager is None:
        return f"Questions? Ask your programme manager at {unit_name}."
    return f"Questions? Ask {manager.name}, your programme manager: {manager.email}."
