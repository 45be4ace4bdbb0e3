"""One search over what the site knows by name: programmes, grants, organisations, decisions, documents.

Every kind is read through its own ``visible_to``: a grantee finds its own grants and organisation, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from grants.models import AwardAgreement, Commitment
from programmes.models import Decision, Programme, ProgrammeDocument, SourceDocument
from vru.accounts.models import FormerName, Organisation, User
from vru.lib.finding.full_text import highlighted, matching
from vru.lib.finding.words import words_of

FIRST = 5
LONGEST = 200
# More organisations than this under one name, and their grants are not what somebody looks for.
_MOST_ORGANISATIONS = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is called (marked), what stands below, and where it is; ``ref`` may be empty."""

    title: SafeString
    detail: str
    href: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, by whom, in which layer (none: every layer)."""

    text: str
    by: User
    layer: str

    def in_layer(self, rows: Any) -> Any:
        return rows.in_layer(self.layer) if self.layer else rows


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing: ``rows`` are what matches, best first; ``hit`` turns one into what is shown."""

    key: str
    title: str
    noun: str
    rows: Callable[[Asked], QuerySet[Any]]
    hit: Callable[[Any, Asked], Hit]
    exact: Callable[[Asked], QuerySet[Any]] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    kind: Kind
    count: int
    hits: list[Hit]


def search(asked: Asked, kinds: Sequence[Kind]) -> list[Group]:
    """Each kind with its count and its first hits; kinds without any are left out."""
    groups = []
    for kind in kinds:
        rows = kind.rows(asked)
        shown = [kind.hit(row, asked) for row in rows[: FIRST + 1]]
        # The rows that are shown anyway say how many there are, unless there are more.
        count = rows.order_by().count() if len(shown) > FIRST else len(shown)
        groups.append(Group(kind, count, shown[:FIRST]))
    return [group for group in groups if group.count]


def exactly(asked: Asked) -> list[tuple[Kind, Hit]]:
    """What has the very reference that was typed."""
    found = []
    for kind in KINDS:
        if kind.exact is not None:
            found += [(kind, kind.hit(row, asked)) for row in kind.exact(asked)[:2]]
    return found


def _programmes(asked: Asked) -> QuerySet[Programme]:
    rows = asked.in_layer(Programme.objects.visible_to(asked.by)).select_related("parent")
    return matching(rows, asked.text, ("title", "summary"), Q(ref__istartswith=asked.text))


def _programme(row: Programme, asked: Asked) -> Hit:
    part = f"part of {row.parent.title}, " if row.parent else ""
    detail = f"{row.ref}, {part}{row.get_status_display().lower()}"
    return Hit(highlighted(row.title, asked.text), detail, reverse("programme", args=[row.ref]), row.ref)


def _grants(asked: Asked) -> QuerySet[Commitment]:
    """By their own words, and all of an organisation that is found by its name."""
    rows = asked.in_layer(Commitment.objects.visible_to(asked.by)).select_related("organisation")
    named = list(_organisations(asked).order_by("pk").values_list("pk", flat=True)[: _MOST_ORGANISATIONS + 1])
    theirs = Q(organisation__in=named) if 0 < len(named) <= _MOST_ORGANISATIONS else Q(pk__in=[])
    return matching(rows, asked.text, ("title", "description"), Q(ref__istartswith=asked.text) | theirs)


def _grant(row: Commitment, asked: Asked) -> Hit:
    detail = f"{row.ref}, {row.organisation.name}, {row.get_status_display().lower()}"
    return Hit(highlighted(row.title, asked.text), detail, reverse("grants:detail", args=[row.ref]), row.ref)


def _organisations(asked: Asked) -> QuerySet[Organisation]:
    rows = asked.in_layer(Organisation.objects.visible_to(asked.by))
    before = matching(FormerName.objects.filter(organisation=OuterRef("pk")), asked.text, ("name",)).order_by()
    return matching(rows, asked.text, ("name",), Q(ref__iexact=asked.text) | Q(Exists(before)))


def _organisation(row: Organisation, asked: Asked) -> Hit:
    where = (
        reverse("organisations:detail", args=[row.ref])
        if asked.by.is_staff_member
        else reverse("accounts:organisation")
    )
    return Hit(highlighted(row.name, asked.text), row.get_kind_display(), where, row.ref)


def _decisions(asked: Asked) -> QuerySet[Decision]:
    rows = asked.in_layer(Decision.objects.visible_to(asked.by))
    return matching(rows, asked.text, ("title", "summary"), Q(ref__istartswith=asked.text))


def _decision(row: Decision, asked: Asked) -> Hit:
    detail = f"{row.ref}, {row.decided_on:%-d %B %Y}"
    return Hit(highlighted(row.title, asked.text), detail, reverse("decisions:detail", args=[row.ref]), row.ref)


def _papers(asked: Asked) -> QuerySet[ProgrammeDocument]:
    seen = asked.in_layer(Programme.objects.visible_to(asked.by))
    rows = ProgrammeDocument.objects.filter(removed_at__isnull=True, programme__in=seen.values("pk"))
    return matching(rows.select_related("programme"), asked.text, ("title",))


def _paper(row: ProgrammeDocument, asked: Asked) -> Hit:
    detail = f"{row.get_kind_display()} of {row.programme.title}"
    return Hit(highlighted(row.title, asked.text), detail, reverse("programmes:records", args=[row.programme.ref]))


def _agreements(asked: Asked) -> QuerySet[AwardAgreement]:
    """An agreement is called after its grant."""
    named = matching(
        asked.in_layer(Commitment.objects.visible_to(asked.by)), asked.text, ("title", "description")
    ).order_by()
    rows = AwardAgreement.objects.visible_to(asked.by).filter(commitment__in=named.values("pk"))
    return rows.select_related("commitment").order_by("commitment__title", "commitment__ref", "-number")


def _agreement(row: AwardAgreement, asked: Asked) -> Hit:
    title = highlighted(f"Agreement {row.number}: {row.commitment.title}", asked.text)
    return Hit(title, row.commitment.ref, reverse("grants:documents", args=[row.commitment.ref]))


def _sources(asked: Asked) -> QuerySet[SourceDocument]:
    rows = SourceDocument.objects.all() if asked.by.is_staff_member else SourceDocument.objects.none()
    return matching(rows, asked.text, ("title", "publisher"))


def _source(row: SourceDocument, asked: Asked) -> Hit:
    year = f", {row.published_on.year}" if row.published_on else ""
    return Hit(highlighted(row.title, asked.text), f"{row.get_kind_display()} of {row.publisher}{year}", "")


def _by_ref(model: Any) -> Callable[[Asked], QuerySet[Any]]:
    """Of every layer: a reference means one thing."""

    def rows(asked: Asked) -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.visible_to(asked.by).filter(ref__iexact=asked.text.strip()).order_by("ref")
        return found

    return rows


KINDS = (
    Kind("programmes", "Programmes", "programme", _programmes, _programme, _by_ref(Programme)),
    Kind("grants", "Grants, contracts and unit costs", "commitment", _grants, _grant, _by_ref(Commitment)),
    Kind("organisations", "Organisations", "organisation", _organisations, _organisation, _by_ref(Organisation)),
    Kind("decisions", "Decisions", "decision", _decisions, _decision, _by_ref(Decision)),
    Kind("documents", "Programme documents", "document", _papers, _paper),
    Kind("agreements", "Agreements", "agreement", _agreements, _agreement),
    Kind("sources", "Source documents", "document", _sources, _source),
)


def is_too_short(text: str) -> bool:
    """Nothing to look for: no letter and no figure."""
    return not words_of(text)
