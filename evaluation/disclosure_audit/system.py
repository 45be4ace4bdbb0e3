"""Editions as the adversary has them: what each tells, and several of them as one system of unknowns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings

from evaluation.disclosure_audit.artefacts import VALUE, Artefacts, read_artefacts
from evaluation.disclosure_audit.world import (
    BOTTOM,
    PEOPLE,
    TOP,
    Count,
    count_of,
    ratio_parts,
    relations_of,
    true_counts,
)
from evaluation.figures.figure import COMPUTED
from evaluation.models import Edition
from evaluation.reports.disclosure_earlier import true_figures
from evaluation.reports.disclosure_tables import Plan, is_of_people
from vru.lib.disclosure import Publication, Relation, percentage, rounded

_PARTS = {VALUE: PEOPLE, TOP: TOP, BOTTOM: BOTTOM}


@dataclass
class Told:
    """One edition: which counts its keys mean, those it prints, all there are in its tables with their true numbers,
    the relations between them and the rests of totals.
    """

    name: str
    artefacts: Artefacts
    plan: Plan
    counts: dict[str, Count] = field(default_factory=dict)
    printed: dict[Count, set[int]] = field(default_factory=dict)
    truth: dict[Count, int] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    rests: dict[str, int] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """A count's name as its readers have it."""
        figures = self.artefacts.facts.data["figures"]
        labels = {count.name: figures[key]["label"] for key, count in self.counts.items()}
        return str(labels.get(name, name))


def tell(edition: Edition, plan: Plan) -> Told:
    """Raises ReportError for files that cannot be read."""
    artefacts = read_artefacts(edition)
    figures = artefacts.facts.data["figures"]
    told = Told(str(edition), artefacts, plan)
    for said in artefacts.said:
        figure = figures.get(said.key)
        if figure is None or figure["basis"] != COMPUTED or said.number != int(said.number):
            continue
        part = _PARTS[said.part]
        if part in ratio_parts(said.key, figure["unit"]) or (part == PEOPLE and is_of_people(said.key, figure["unit"])):
            told.printed.setdefault(count_of(said.key, part, plan), set()).add(int(said.number))
    told.counts = {
        key: count_of(key, PEOPLE, plan)
        for key, figure in figures.items()
        if figure["basis"] == COMPUTED and is_of_people(key, figure["unit"])
    }
    truth = true_counts(true_figures(edition, figures), plan)
    shapes = _shapes([*told.printed, *told.counts.values()])
    told.truth = {count: number for count, number in truth.items() if count.shape in shapes or count in told.printed}
    told.relations, told.rests = relations_of(told.truth, plan)
    told.relations += _shares(told)
    return told


def _shapes(counts: Iterable[Count]) -> set[tuple[str, str, tuple[str, ...]]]:
    """The tables that these counts stand in; where one is a union, also the table of what it unites."""
    found = set()
    for count in counts:
        found.add(count.shape)
        if any(len(values) > 1 for _name, values in count.where):
            found.add((count.measure, count.part, tuple(sorted({"quarter", *(name for name, _ in count.where)}))))
    return found


def _shares(told: Told) -> list[Relation]:
    """Printed percentages of counts that are hidden: of others they say nothing new."""
    figures = told.artefacts.facts.data["figures"]
    made: list[Relation] = []
    for share in told.artefacts.shares:
        keys = (share.part, share.whole)
        if all(key in told.counts for key in keys) and any(figures[key]["hidden"] for key in keys):
            part, whole = (told.counts[key].name for key in keys)
            made += percentage(part, whole, str(Decimal(share.printed)))
    return made


class System:
    """Several editions as one. A count that stayed the same is one unknown, as a reader will suppose.

    ``ignoring_last`` leaves out what the last edition prints: what was known without it.
    """

    def __init__(self, told: Sequence[Told], *, ignoring_last: bool = False) -> None:
        self.counts: dict[str, int] = {}
        self.values: dict[str, int | None] = {}
        self.relations: dict[tuple[tuple[str, int], ...], Relation] = {}
        self._shared: dict[tuple[str, int], str] = {}
        for number, edition in reversed(list(enumerate(told, start=1))):
            names = self._name(edition, "" if number == len(told) else f" (edition {number} of those signed)")
            if ignoring_last and number == len(told):
                continue
            self._know(edition, names)

    def _name(self, edition: Told, suffix: str) -> dict[str, str]:
        truth = {count.name: known for count, known in edition.truth.items()} | edition.rests
        names = {name: self._shared.setdefault((name, known), f"{name}{suffix}") for name, known in truth.items()}
        for name, known in truth.items():
            self.counts[names[name]] = known
            self.values.setdefault(names[name], None)
        return names

    def _know(self, edition: Told, names: dict[str, str]) -> None:
        for count, numbers in edition.printed.items():
            known = edition.truth.get(count)
            # A rounded count is taken as its true one: a reader who knows that small ones are hidden is not far off.
            near = {known, rounded(known, settings.DISCLOSURE_ROUNDING or None)} if known is not None else set()
            if numbers & near:
                self.values[names[count.name]] = known
        for relation in edition.relations:
            renamed = {names[name]: times for name, times in relation.coefficients.items()}
            spot = (*sorted(renamed.items()), ("low", relation.low or 0), ("high", relation.high or 0))
            self.relations.setdefault(spot, Relation(renamed, relation.low, relation.high))

    def small(self, threshold: int) -> list[str]:
        return [name for name, known in self.counts.items() if 0 < known < threshold and self.values[name] is None]

    def publication(self) -> Publication:
        return Publication(self.values, tuple(self.relations.values()))

    def through(self, name: str) -> str:
        """A printed total through which a count is told, "" where there is none."""
        for relation in self.relations.values():
            whole = next(iter(relation.coefficients))
            if name in relation.coefficients and whole != name and self.values[whole] is not None:
                return whole
        return ""
