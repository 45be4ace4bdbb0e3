"""The audit of one edition: what its files, and editions signed before, let a reader tell about few people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings

from evaluation.disclosure_audit.artefacts import VALUE, Said, check_paper
from evaluation.disclosure_audit.exposure import Exposure
from evaluation.disclosure_audit.system import System, Told, tell
from evaluation.disclosure_audit.typed import typed_counts
from evaluation.figures.figure import COMPUTED
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from evaluation.models import Edition
from evaluation.reports.disclosure_tables import Plan, is_of_people
from evaluation.reports.errors import ReportError
from evaluation.reports.gather import dimensions, programmes
from vru.lib.disclosure import attack

# A total over time says nothing about whom it counts.
_NOBODY = frozenset(("quarter", "indicator"))


def audit_edition(edition: Edition) -> list[Exposure]:
    """What stands in the way of signing, in the order of kinds and keys; empty when readers can tell no small count.

    Reads the stored files, not the plan by which they were protected, and takes what every edition printed that was
    signed before as known. What those gave away alone is not held against this one. Raises nothing for damaged
    files: they are an exposure of the kind "unreadable".
    """
    try:
        with read_snapshot():
            plan = plan_of(edition)
            check_paper(edition)
            told = [tell(each, plan) for each in [*signed_before(edition), edition]]
        found = [*_printed(told[-1]), *_typed(told[-1]), *_worked_out(told), *_changed(told)]
    except (ReportError, ValueError) as error:
        return [Exposure("unreadable", "", str(edition), f"The disclosure audit cannot be done: {error}")]
    return sorted(found, key=lambda each: (each.kind, each.key))


def plan_of(edition: Edition) -> Plan:
    """Which programmes and groups of people the counts of an edition can be about."""
    scope = Scope.of(edition.financial_year, edition.layer, edition.as_at)
    listed = programmes(scope.layer, scope.year.starts_on, scope.year.ends_on)
    return Plan.of({"programmes": listed, "dimensions": dimensions(scope.year.ends_on)})


def signed_before(edition: Edition) -> list[Edition]:
    """What readers may hold already: editions of the year and records that were signed earlier, in that order."""
    others = Edition.objects.signed().in_layer(edition.layer).filter(report__year=edition.year).exclude(pk=edition.pk)
    if edition.signed_at is not None:
        others = others.filter(signed_at__lt=edition.signed_at)
    return list(others.select_related("report__outline").order_by("signed_at", "pk"))


def _printed(told: Told) -> Iterator[Exposure]:
    """Small counts that stand in a file, and counts that one file hides and another prints."""
    figures = told.artefacts.facts.data["figures"]
    by_key: dict[str, list[Said]] = {}
    for said in told.artefacts.said:
        figure = figures.get(said.key)
        if figure is None or figure["basis"] != COMPUTED or said.part != VALUE:
            continue
        is_small = is_of_people(said.key, figure["unit"]) and 0 < said.number < settings.DISCLOSURE_THRESHOLD
        if figure["hidden"] or is_small:
            by_key.setdefault(said.key, []).append(said)
    for key, found in by_key.items():
        label, places = figures[key]["label"], tuple(dict.fromkeys(each.where for each in found))
        number = int(found[0].number)
        sentence = (
            f"{label}: {found[0].number:f} is printed in {', '.join(places)} and must be hidden. "
            "Build the edition again."
        )
        yield Exposure("printed", key, label, sentence, places, number, number)


def _typed(told: Told) -> Iterator[Exposure]:
    figures = told.artefacts.facts.data["figures"]
    hidden = {
        key: (figures[key]["label"], told.truth.get(count, 0))
        for key, count in told.counts.items()
        if figures[key]["hidden"]
    }
    for key, where, line in typed_counts(told.artefacts.lines, hidden):
        label, number = hidden[key]
        sentence = (
            f"{label} is hidden, but the {where} says how many: “{line[:200]}”. "
            "Take the number out of the text, or put a token in its place."
        )
        yield Exposure("typed", key, label, sentence, (where,), number, number)


def _worked_out(told: Sequence[Told]) -> Iterator[Exposure]:
    """Small counts to which everything printed together leaves too little room."""
    known = System(told)
    before = System(told, ignoring_last=True)
    for name, (low, high) in attack(known.publication(), known.small(settings.DISCLOSURE_THRESHOLD)).items():
        if high is None or high - low >= settings.DISCLOSURE_WIDTH or _is_told(before, name):
            continue
        label, total = told[-1].label(name), known.through(name)
        through = f", for instance from {told[-1].label(total)}" if total else ""
        sentence = (
            f"{label} is hidden, but can be worked out to be {_range(low, high)}{through}. Build the edition again; "
            "if it can still be told, take a table or a sentence out."
        )
        yield Exposure("worked_out", name, label, sentence, (), low, high)


def _is_told(before: System, name: str) -> bool:
    """Whether a count could be told without this edition: then it tells nothing new."""
    if before.values[name] is not None:
        return True
    low, high = attack(before.publication(), [name])[name]
    return high is not None and high - low < settings.DISCLOSURE_WIDTH


def _changed(told: Sequence[Told]) -> Iterator[Exposure]:
    """Groups of people that changed by a few since an earlier edition, and by how many can be told."""
    changed = {
        count.name
        for edition in told[:-1]
        for count, numbers in edition.printed.items()
        if not {name for name, _values in count.where} <= _NOBODY
        and count in told[-1].truth
        and any(0 < abs(told[-1].truth[count] - number) < settings.DISCLOSURE_THRESHOLD for number in numbers)
    }
    # Which of the hidden counts changed is not known, so that the earlier numbers say nothing about today's.
    for name, (low, high) in attack(System(told[-1:]).publication(), sorted(changed)).items():
        if high is not None and high - low < settings.DISCLOSURE_WIDTH:
            label = told[-1].label(name)
            sentence = (
                f"{label} differs by a few people from an earlier edition, and by how many can be told: it is now "
                f"{_range(low, high)}. Build the edition again, so that it is hidden."
            )
            yield Exposure("changed", name, label, sentence, (), low, high)


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"
