"""Every block that a section may hold, written out, to be put into the text and changed there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evaluation.models import CaseStudy, Recommendation, Report, Series
from evaluation.reports.charts import CHARTS
from evaluation.reports.markup import write_blocks
from evaluation.reports.tables import TABLES
from programmes.models import Dimension

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """``text`` is what goes into the section."""

    group: str
    title: str
    text: str


def samples(report: Report) -> list[Sample]:
    """Tables and charts by name, then the other blocks; with the first series, breakdown and group that exist."""
    asked = _asked_for(report)
    found = [_one("Tables", name, {"kind": "table", "table": name}, asked) for name in sorted(TABLES)]
    found += [_one("Charts", name, {"kind": "chart", "chart": name}, asked) for name in sorted(CHARTS)]
    return [*found, *_others(report)]


def _one(group: str, name: str, block: Params, asked: dict[str, Params]) -> Sample:
    title = name.replace("_", " ").capitalize()
    params = asked.get(name, {})
    return Sample(group, title, write_blocks([{**block, "caption": title, "params": params}]))


def _asked_for(report: Report) -> dict[str, Params]:
    """What some tables and charts cannot do without."""
    series = list(Series.objects.order_by("slug").values_list("slug", flat=True)[:2])
    dimension = Dimension.objects.exclude(slug=Dimension.TOTAL).filter(is_standard=True).values_list("slug", flat=True)
    by = {"dimension": dimension.first() or "age"}
    of = {"series": series or ["name-of-a-series"]}
    return {
        "reach_breakdown": by,
        "series_table": of,
        "series": of,
        "stated_values": {"measures": ["amount"]},
    }


def _others(report: Report) -> list[Sample]:
    groups = Recommendation.objects.filter(layer=report.layer).exclude(group="").order_by("group")
    group = groups.values_list("group", flat=True).first() or "name-of-a-review"
    case = CaseStudy.objects.order_by("ref").values_list("ref", flat=True).first() or "reference"
    blocks: list[tuple[str, Params]] = [
        ("Figures in a row", {"kind": "figures", "keys": ["funding.total", "reach.new"]}),
        ("Box that stands out", {"kind": "callout", "title": "Title of the box", "text": "What it says."}),
        ("Logic model", {"kind": "logic_model", "caption": "From objectives to aims"}),
        ("Programmes", {"kind": "programmes", "group_by": "objective"}),
        ("Evaluations", {"kind": "studies"}),
        ("Recommendations", {"kind": "recommendations", "group": group}),
        ("Commitments", {"kind": "commitments"}),
        ("Workplan", {"kind": "workplan"}),
        ("Case study", {"kind": "case_study", "ref": case}),
        ("What the unit has still to supply", {"kind": "not_supplied", "text": "What is missing, and from whom."}),
    ]
    return [Sample("Other", title, write_blocks([block])) for title, block in blocks]
