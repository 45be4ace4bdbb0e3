"""Facts: everything that one edition says, as plain frozen data with one hash.

Pages, PDF, web page and annex are made from facts alone. The same facts give the same bytes.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.conf import settings

from evaluation.figures.computation import Computation
from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureError
from evaluation.figures.registry import computed, families
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from evaluation.models import Report, ReportOutline
from evaluation.numbers.state import sourced_numbers
from evaluation.reports.assembly import Assembly, texts_of
from evaluation.reports.blocks import assemble_section
from evaluation.reports.content import SectionContent, content_of, narrative_hash, words_of
from evaluation.reports.disclosure import Plan, Protection, protect_figures
from evaluation.reports.disclosure_earlier import earlier_editions
from evaluation.reports.errors import CorruptSnapshot, NothingToReport, UnknownToken
from evaluation.reports.forms.reading import read_forms
from evaluation.reports.gather import gather, written
from evaluation.reports.material import Figures, Material, split_key
from evaluation.reports.outlines import find_outline
from evaluation.reports.tables.model import HIDDEN
from evaluation.reports.tables.results import returns_completeness
from evaluation.reports.tables.stated import data_issues
from evaluation.reports.thin import thin_figures
from evaluation.reports.tokens import OPTIONS, keys_in
from programmes.models import Unit
from vru.lib.periods import FinancialYear

FORMAT = "vru-facts/2"
# Blocks that show no figures but those they name, and figures that count nobody.
_TEXT_BLOCKS = frozenset({"prose", "callout", "figures", "not_supplied", "problem", "recommendations"})
_NOT_PEOPLE = (
    "funding.",
    "budget.",
    "award.",
    "spend.",
    "match.",
    "payments.",
    "grants.",
    "grantees.",
    "returns.",
    "series.",
)
_OF_A_YEAR = ("funding.", "budget.", "award.", "spend.", "reach.", "returns.", "indicator.result")


@dataclass(frozen=True)
class Request:
    """Which report to make. ``period`` and ``subject`` are those of `Report`."""

    kind: str
    year: FinancialYear
    layer: str
    as_at: datetime.date
    period: str = ""
    subject: str = ""

    @classmethod
    def of(cls, report: Report, as_at: datetime.date) -> Request:
        """What an edition of a report asks for on a day."""
        return cls(
            kind=report.outline.kind,
            year=report.financial_year,
            layer=report.layer,
            as_at=as_at,
            period=report.period,
            subject=report.subject,
        )


@dataclass(frozen=True)
class Facts:
    """The facts of one edition. ``data`` must not be changed: its hash is its name."""

    data: Mapping[str, Any]

    @cached_property
    def content(self) -> bytes:
        """Canonical JSON: keys sorted, no spaces, UTF-8."""
        return json.dumps(self.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")

    @cached_property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()

    @classmethod
    def read(cls, content: bytes, expected_sha256: str = "") -> Facts:
        """Facts from a snapshot. Raises CorruptSnapshot when it is damaged, changed, or of another format."""
        found = sha256(content).hexdigest()
        if expected_sha256 and found != expected_sha256:
            raise CorruptSnapshot(
                f"The snapshot was changed after it was made: its SHA-256 is {found}, recorded was {expected_sha256}."
            )
        try:
            data = json.loads(content)
        except ValueError as error:
            raise CorruptSnapshot("The snapshot is not readable JSON: the file is damaged or cut off.") from error
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise CorruptSnapshot(f'The snapshot is not of the format "{FORMAT}", so this version cannot read it.')
        facts = cls(data)
        if facts.content != content:
            raise CorruptSnapshot("The snapshot is not in its canonical form, so something else has written it.")
        return facts


def read_facts(request: Request, computation: Computation | None = None) -> Facts:
    """Read, protect and assemble one edition's facts, all as of one moment of the database.

    A ``computation`` of the request's scope that is open already is used instead of another.

    Raises NothingToReport for a kind that is not loaded or a year without data, UnknownToken for a narrative that asks
    for a figure that cannot exist, and ReportError when counts of people cannot be protected.
    """
    with read_snapshot():
        outline = find_outline(request.kind)
        report = find_report(request, outline)
        words = words_of(request.year, request.period, request.subject, request.layer)
        sections = content_of(report, outline, request.layer, words)
        computation = computation or Computation(Scope.of(request.year, request.layer, request.as_at))
        figures, refused = all_figures(computation, sections)
        if not any(_is_of_year(figure) for figure in figures.values()):
            raise NothingToReport(
                f"There is no {request.layer} data for {request.year}, so there is nothing to report. "
                "Load some, or name another year or layer."
            )
        return _facts(request, outline, report, (computation, sections, figures, refused), gather(computation))


def section_facts(request: Request, report: Report, section: SectionContent) -> Facts:
    """One section as `read_facts` would have it, for a preview: what it does not show is not read, and its tables and
    charts are numbered from 1. Differences between figures are looked for only where it lists them.

    Raises ReportError when counts of people cannot be protected.
    """
    with read_snapshot():
        scope = Scope.of(request.year, request.layer, request.as_at)
        computation = Computation(scope)
        figures, refused = all_figures(computation, [section], unasked=_needs_every_figure(section))
        lists_issues = any(block.get("table") == "data_issues" for block in section.blocks)
        records = gather(computation, with_issues=lists_issues)
        return _facts(request, report.outline, report, (computation, [section], figures, refused), records)


def _needs_every_figure(section: SectionContent) -> bool:
    """Whether it shows a table or the like, or a count of people, which is hidden by what else adds up to it."""
    if any(block["kind"] not in _TEXT_BLOCKS for block in section.blocks):
        return True
    named = keys_in(section.texts, section=section.name, refused={})
    return not all(key.startswith(_NOT_PEOPLE) for key in named)


Read = tuple[Computation, list[SectionContent], dict[str, Figure], dict[str, str]]


def _facts(
    request: Request, outline: ReportOutline, report: Report | None, read: Read, records: Mapping[str, Any]
) -> Facts:
    """Of sections, their figures and why others are refused (``read``), and `gather`'s records."""
    computation, sections, figures, refused = read
    forms, of_forms = read_forms(outline, computation, request.period, sections, records, unit_texts)
    records = {**records, "period": request.period, "forms": forms}
    material, protection = protected_material(request, figures | of_forms, records, forms=of_forms)
    assembly = Assembly(material, refused=refused)
    assembled = [assemble_section(assembly, section) for section in sections]
    narrative = narrative_hash(report.sections.order_by("order")) if report is not None else ""
    data = _data(request, outline, computation.scope, material, assembly, assembled, protection)
    return Facts(data | {"narrative_sha256": narrative, "numbers": sourced_numbers(report)})


def protected_material(
    request: Request, figures: Mapping[str, Figure], records: Mapping[str, Any], *, forms: Iterable[str] = ()
) -> tuple[Material, Protection]:
    """What sections are assembled from, with every count of people protected; of `gather`'s records.

    A count is hidden by its size and by what else adds up to it: ``figures`` must hold all counts of people of the
    scope, or none; ``forms`` are the keys that the funder's form asks for. Raises ReportError when they cannot be
    protected.
    """
    plan = Plan.of(records)
    protection = protect_figures(
        figures,
        plan,
        threshold=settings.DISCLOSURE_THRESHOLD,
        width=settings.DISCLOSURE_WIDTH,
        rounding=settings.DISCLOSURE_ROUNDING,
        forms=forms,
        earlier=earlier_editions(request.year, request.layer, plan),
    )
    material = Material(
        year=str(request.year),
        layer=request.layer,
        as_at=written(request.as_at),
        unit=unit_texts(),
        figures=Figures(protection.figures),
        **records,
    )
    return material, protection


def unit_texts() -> dict[str, str]:
    """What a report says of the unit."""
    unit = Unit.objects.the()
    names = ("name", "short_name", "place", "area_noun", "area_noun_plural", "funder")
    return {name: getattr(unit, name) for name in names}


def find_report(request: Request, outline: ReportOutline) -> Report | None:
    """The report that is being written of the same kind, time, layer and subject, if any."""
    return Report.objects.filter(
        outline=outline, year=request.year.start, period=request.period, layer=request.layer, subject=request.subject
    ).first()


def all_figures(
    computation: Computation, sections: list[SectionContent], *, unasked: bool = True
) -> tuple[dict[str, Figure], dict[str, str]]:
    """(Every figure that is computed ``unasked`` and those that the narrative names, why others are refused).

    One reading for all of them. Raises UnknownToken naming section and key where a strict section asks for a family,
    parameter or value that does not exist.
    """
    found = computed(computation) if unasked else {}
    refused: dict[str, str] = {}
    for section in sections:
        named = keys_in(section.texts, section=section.name, refused=_kept(section, refused))
        asked = [key for key in named if key not in found and key not in refused]
        try:
            found |= computed(computation, asked)
        except FigureError as error:
            if section.is_strict:
                raise UnknownToken(f'In section "{section.name}": {error}') from error
            found |= _one_by_one(computation, asked, refused)
    return found, refused


def _kept(section: SectionContent, refused: dict[str, str]) -> dict[str, str] | None:
    return None if section.is_strict else refused


def _one_by_one(computation: Computation, keys: list[str], refused: dict[str, str]) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for key in keys:
        try:
            found |= computed(computation, [key])
        except FigureError as error:
            refused[key] = str(error)
    return found


def _is_of_year(figure: Figure) -> bool:
    # Series and statements are kept for all years, and a programme without dates runs in every one of them.
    return bool(figure.value) and figure.key.startswith(_OF_A_YEAR)


def _data(
    request: Request,
    outline: ReportOutline,
    scope: Scope,
    material: Material,
    assembly: Assembly,
    sections: list[dict[str, Any]],
    protection: Protection,
) -> dict[str, Any]:
    names = {split_key(key)[0] for key in assembly.places}
    version = scope.strategy_version
    return {
        "format": FORMAT,
        "kind": outline.kind,
        "title": outline.title,
        "funder": outline.funder or material.unit["funder"],
        "unit": dict(material.unit),
        "year": material.year,
        "layer": material.layer,
        "as_at": request.as_at.isoformat(),
        "period": request.period,
        "subject": request.subject,
        "subject_title": next((each["title"] for each in material.programmes if each["ref"] == request.subject), ""),
        "strategy_version": {"key": version.key, "label": version.label} if version else None,
        "texts": texts_of(material),
        "sections": sections,
        "workbook": [dict(each) for each in material.forms.workbook],
        "figures": {
            key: _figure(material, key, places, order)
            for order, (key, places) in enumerate(assembly.places.items(), start=1)
        },
        "missing": {key: list(places) for key, places in assembly.absent.items()},
        "refused": {key: assembly.refused[key] for key in assembly.absent if key in assembly.refused},
        "problems": list(assembly.problems),
        "thin": thin_figures(material.figures, assembly.places, settings.REPORT_THIN_PERCENT),
        "definitions": [_definition(family) for family in families() if family.name in names],
        "completeness": returns_completeness(material, {}).as_json(),
        "issues": data_issues(material, {}).as_json(),
        "disclosure": list(protection.paragraphs),
        "aims": [dict(each) for each in material.aims],
        "outcomes": [dict(each) for each in material.outcomes],
        "objectives": [dict(each) for each in material.objectives],
        "links": [dict(each) for each in material.links],
        "documents": [dict(each) for each in material.documents.values()],
    }


def _figure(material: Material, key: str, places: list[str], order: int) -> dict[str, Any]:
    figure = material.figures[key]
    return {
        **figure.as_json(),
        "shown": {option: figure.shown(option) for option in OPTIONS},
        "hidden": figure.display == HIDDEN,
        "order": order,
        "where": places,
    }


def _definition(family: Any) -> dict[str, str]:
    return {"family": family.name, "title": family.title, "unit": family.unit, **family.definition.as_json()}
