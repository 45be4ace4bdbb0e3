"""The audit of one edition: what its files, and editions signed before, let a reader tell about few people."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from evaluation.disclosure_audit.artefacts import VALUE, Artefacts, Said, read_artefacts
from evaluation.disclosure_audit.exposure import Exposure
from evaluation.figures.figure import COMPUTED, PEOPLE
from evaluation.models import Edition
from evaluation.reports.errors import ReportError


def audit_edition(edition: Edition) -> list[Exposure]:
    """What stands in the way of signing, in the order of keys; empty when readers can tell no small count.

    Reads the stored files, not the plan by which they were protected.
    """
    try:
        artefacts = read_artefacts(edition)
    except ReportError as error:
        return [Exposure("unreadable", "", str(edition), str(error))]
    return sorted(_printed(artefacts), key=lambda each: (each.kind, each.key))


def _printed(artefacts: Artefacts) -> Iterable[Exposure]:
    """Small counts that stand in a file, and counts that one file hides and another prints."""
    figures = artefacts.facts.data["figures"]
    by_key: dict[str, list[Said]] = {}
    for said in artefacts.said:
        figure = figures.get(said.key)
        if figure is None or figure["basis"] != COMPUTED or figure["unit"] != PEOPLE or said.part != VALUE:
            continue
        if figure["hidden"] or 0 < said.number < settings.DISCLOSURE_THRESHOLD:
            by_key.setdefault(said.key, []).append(said)
    for key, found in by_key.items():
        label, places = figures[key]["label"], tuple(dict.fromkeys(each.where for each in found))
        yield Exposure(
            "printed",
            key,
            label,
            f"{label}: {found[0].number:f} is printed in {', '.join(places)} and must be hidden. "
            "Build the edition again.",
            places,
            int(found[0].number),
            int(found[0].number),
        )
