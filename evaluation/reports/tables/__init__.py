"""Every table that an outline can name. A table is one function of the material; adding one is one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evaluation.reports.material import Material
from evaluation.reports.tables import evidence, money, people, plan, programmes, results, stated
from evaluation.reports.tables.model import TableData

Builder = Callable[[Material, Mapping[str, Any]], TableData]

TABLES: dict[str, Builder] = {
    "awards_by_objective": money.awards_by_objective,
    "budget_by_category": money.budget_by_category,
    "commitments": plan.commitments,
    "data_issues": stated.data_issues,
    "findings": evidence.findings,
    "funding_by_source": money.funding_by_source,
    "funnel": people.funnel,
    "indicators": results.indicators,
    "programme_amounts": programmes.programme_amounts,
    "programmes_by_objective": programmes.programmes_by_objective,
    "reach_breakdown": people.reach_breakdown,
    "reach_by_area": people.reach_by_area,
    "reach_by_objective": people.reach_by_objective,
    "reach_by_quarter": people.reach_by_quarter,
    "returns_completeness": results.returns_completeness,
    "series_table": stated.series_table,
    "spend_against_profile": money.spend_against_profile,
    "spend_by_source": money.spend_by_source,
    "stated_values": stated.stated_values,
    "studies": evidence.studies,
    "unit_costs": money.unit_costs,
    "workplan": plan.workplan,
}
