"""The steps of an award's set-up that are grids: sources, areas, profile, indicators, targets and partners."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from grants.actions.award_plan import set_indicators, set_profile, set_reach_targets
from grants.actions.awards import set_area_shares, set_funding_splits
from grants.actions.partners import Partner, set_partners
from grants.errors import ActionRefused
from grants.models import Commitment, Measure, ReportingQuarter
from grants.money.headroom import headrooms
from grants.timetable import calendar
from grants.timetable.planning import quarters_touched
from grants.views.awards.grids import GridForm, NumberGrid
from programmes.models import Area, CostHeading, FundingSource, IndicatorVersion
from vru.accounts.models import Organisation, User
from vru.lib.govuk.amounts import PoundsField
from vru.lib.money import Money, split_pence
from vru.lib.periods import FinancialYear, Quarter

BLANK_PARTNERS = 3
# What a target is agreed for. Carried in, continuing and active follow from the people themselves.
TARGETED = (
    *(Measure.NEW, Measure.CONTACTS, Measure.INDIRECT, Measure.TRAINED),
    *(Measure.REFERRED, Measure.STARTED, Measure.COMPLETED),
)


@dataclass(frozen=True, slots=True)
class Grid:
    """One step: what is shown above and beside the boxes, and how what was typed is saved."""

    title: str
    lead: str
    make: Callable[[Commitment, Any], Any]
    save: Callable[[Any, Commitment, User], None]


def years_of(grant: Commitment) -> list[int]:
    first, last = FinancialYear.of(grant.starts_on).start, FinancialYear.of(grant.ends_on).start
    return list(range(first, last + 1))


def _quarters(grant: Commitment) -> list[tuple[Quarter, str]]:
    return [(period, str(period)) for period in quarters_touched(grant.starts_on, grant.ends_on)]


def _rows(periods: Mapping[tuple[Any, Quarter], Any]) -> dict[Quarter, ReportingQuarter]:
    return {period: calendar.reporting_quarter(period) for _, period in periods}


# Sources ---------------------------------------------------------------------------------------------------------


def sources_form(grant: Commitment, data: Any = None) -> GridForm[FundingSource, int]:
    """Sources with room, and those the award takes from already; each with what is left to promise."""
    room, years = headrooms(grant.programme.layer), years_of(grant)
    held = {(row.source, row.year): row.amount_pence for row in grant.splits.select_related("source")}
    taken = {source.pk for source, _ in held}
    known = {pk for pk, year in room if year in years} | taken
    rows = []
    for source in FundingSource.objects.filter(pk__in=known):
        left = "; ".join(
            f"{Money(room[source.pk, year].left)} left in {FinancialYear(year)}"
            for year in years
            if (source.pk, year) in room
        )
        rows.append((source, f"{source.title} ({left})" if left else source.title))
    return GridForm(rows, [(year, str(FinancialYear(year))) for year in years], held, data)


def save_sources(form: GridForm[FundingSource, int], grant: Commitment, by: User) -> None:
    set_funding_splits(commitment=grant, splits=form.values(), by=by, partial=True)


# Areas -----------------------------------------------------------------------------------------------------------


class AreasForm(forms.Form):
    """Tick areas and share equally, type weights or amounts, or say that it is for the whole area."""

    mark_optional = False
    WHOLE, EQUAL, WEIGHTS, AMOUNTS = "whole", "equal", "weights", "amounts"

    how = forms.ChoiceField(
        label="How is the award shared out?",
        choices=[
            (WHOLE, "Not at all: it is for the whole area"),
            (EQUAL, "Equally between the areas with a mark, whatever number stands there"),
            (WEIGHTS, "By the numbers typed, as weights (1 and 2 give a third and two thirds)"),
            (AMOUNTS, "By the amounts typed, in pounds"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, grant: Commitment, data: Any = None) -> None:
        held = {row.area_id: row.amount_pence for row in grant.area_shares.all()}
        self.areas = list(Area.objects.places())
        self.whole = Area.objects.filter(kind=Area.Kind.WHOLE).first()
        is_whole = self.whole is not None and self.whole.pk in held
        super().__init__(data, initial={"how": self.WHOLE if is_whole or not held else self.AMOUNTS})
        for area in self.areas:
            self.fields[f"area-{area.pk}"] = PoundsField(label=area.name, required=False, initial=held.get(area.pk))

    def lines(self) -> list[dict[str, Any]]:
        return [{"label": area.name, "boxes": [self[f"area-{area.pk}"]]} for area in self.areas]

    def heads(self) -> list[str]:
        return ["Mark, weight or amount"]

    def shares(self, award: int) -> dict[Area, int]:
        """Pence by area; they come to ``award``, except where amounts were typed. Raises ``ActionRefused``."""
        if self.cleaned_data["how"] == self.WHOLE:
            if self.whole is None:
                raise ActionRefused("The unit has no bucket for what is not apportioned. Choose areas instead.")
            return {self.whole: award}
        typed = {area: self.cleaned_data[f"area-{area.pk}"] for area in self.areas}
        chosen = {area: value for area, value in typed.items() if value}
        if not chosen:
            raise ActionRefused("Type a number at each area that the award is for.")
        if self.cleaned_data["how"] == self.AMOUNTS:
            return chosen
        equal = self.cleaned_data["how"] == self.EQUAL
        parts = split_pence(award, [1 if equal else value for value in chosen.values()])
        return dict(zip(chosen, parts, strict=True))


def save_areas(form: AreasForm, grant: Commitment, by: User) -> None:
    if not grant.award_pence:
        raise ActionRefused("Say first how much is awarded.")
    set_area_shares(commitment=grant, shares=form.shares(grant.award_pence), by=by)


# Profile ---------------------------------------------------------------------------------------------------------


def profile_form(grant: Commitment, data: Any = None) -> GridForm[Quarter, CostHeading]:
    """Quarters down, cost headings across."""
    headings = list(grant.headings.all()) or list(CostHeading.objects.all())
    lines = list(grant.profile_lines.select_related("quarter", "heading"))
    headings += [line.heading for line in lines if line.heading not in headings]
    columns = [(heading, heading.title) for heading in dict.fromkeys(headings)]
    return GridForm(
        _quarters(grant), columns, {(line.quarter.period, line.heading): line.amount_pence for line in lines}, data
    )


def spread_evenly(grant: Commitment, typed: Mapping[tuple[Quarter, CostHeading], int]) -> Mapping[Any, int]:
    """The totals by heading that were typed, or the whole award under the first heading, even over the quarters."""
    quarters = quarters_touched(grant.starts_on, grant.ends_on)
    totals: dict[CostHeading, int] = {}
    for (_, heading), pence in typed.items():
        totals[heading] = totals.get(heading, 0) + pence
    if not sum(totals.values()):
        first = grant.headings.first() or CostHeading.objects.first()
        totals = {first: grant.award_pence} if first is not None else {}
    return {
        (quarter, heading): part
        for heading, total in totals.items()
        for quarter, part in zip(quarters, split_pence(total, [1] * len(quarters)), strict=True)
    }


def save_profile(form: GridForm[Quarter, CostHeading], grant: Commitment, by: User) -> None:
    typed: Mapping[Any, int] = form.values()
    if "spread" in form.data:
        typed = spread_evenly(grant, typed)
    rows = {quarter: calendar.reporting_quarter(quarter) for quarter, _ in typed}
    lines = {(rows[quarter], heading): pence for (quarter, heading), pence in typed.items()}
    set_profile(commitment=grant, lines=lines, by=by, partial=True)


# Targets ---------------------------------------------------------------------------------------------------------


def targets_form(grant: Commitment, data: Any = None) -> NumberGrid[Measure, Quarter]:
    held = {
        (Measure(row.measure), row.quarter.period): row.value for row in grant.reach_targets.select_related("quarter")
    }
    measures = [*TARGETED, *(measure for measure, _ in held if measure not in TARGETED)]
    return NumberGrid([(measure, measure.label) for measure in dict.fromkeys(measures)], _quarters(grant), held, data)


def save_targets(form: NumberGrid[Measure, Quarter], grant: Commitment, by: User) -> None:
    typed = form.values()
    rows = _rows(typed)
    targets = {(measure, rows[quarter]): value for (measure, quarter), value in typed.items()}
    set_reach_targets(commitment=grant, targets=targets, by=by)


# Indicators ------------------------------------------------------------------------------------------------------


class IndicatorsForm(GridForm[tuple[IndicatorVersion, int], str]):
    adds_up = False

    def box(self, label: str) -> forms.Field:
        if label.endswith("asked"):
            return forms.BooleanField(label="Ask for it", required=False)
        return forms.DecimalField(label=label, required=False, max_digits=14, decimal_places=4)


def indicators_form(grant: Commitment, data: Any = None) -> IndicatorsForm:
    """The current indicators of the programme's objective, and those that the award has already, year by year."""
    held_rows = list(grant.indicators.select_related("version__indicator"))
    objective = grant.programme.primary_objective_id
    current = IndicatorVersion.objects.filter(objective=objective, valid_to__isnull=True).select_related("indicator")
    versions = list(current.order_by("indicator__title", "number", "pk")) if objective else []
    versions += [row.version for row in held_rows if row.version not in versions]
    rows = [
        ((version, year), f"{version.indicator.title} ({version.unit}), {FinancialYear(year)}")
        for version in dict.fromkeys(versions)
        for year in years_of(grant)
    ]
    held: dict[tuple[tuple[IndicatorVersion, int], str], Any] = {}
    for row in held_rows:
        spot = (row.version, row.year)
        held |= {(spot, "asked"): True, (spot, "baseline"): _plain(row.baseline), (spot, "target"): _plain(row.target)}
    columns = [("asked", "asked"), ("baseline", "baseline"), ("target", "target")]
    return IndicatorsForm(rows, columns, held, data)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def save_indicators(form: IndicatorsForm, grant: Commitment, by: User) -> None:
    typed = form.values()
    wanted = {
        spot: (typed.get((spot, "baseline")), typed.get((spot, "target")))
        for spot, _ in form.rows
        if typed.get((spot, "asked")) or typed.get((spot, "target")) is not None
    }
    set_indicators(commitment=grant, indicators=wanted, by=by)


# Partners --------------------------------------------------------------------------------------------------------


class PartnersForm(forms.Form):
    """A row for each partner and a few empty ones. An organisation is named by its name or its reference."""

    mark_optional = False

    def __init__(self, grant: Commitment, data: Any = None) -> None:
        super().__init__(data)
        self.grant = grant
        held = list(grant.partners.select_related("organisation"))
        self.size = len(held) + BLANK_PARTNERS
        for number in range(self.size):
            row = held[number] if number < len(held) else None
            self.fields[f"name-{number}"] = forms.CharField(
                label="Partner", max_length=200, required=False, initial=row.organisation.name if row else ""
            )
            self.fields[f"delivers-{number}"] = forms.CharField(
                label="What it delivers", max_length=300, required=False, initial=row.delivers if row else ""
            )
            self.fields[f"share-{number}"] = PoundsField(
                label="Its share, in pounds", required=False, initial=row.share_pence if row else None
            )

    def heads(self) -> list[str]:
        return ["Name or reference", "What it delivers", "Share, in pounds"]

    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "label": f"Partner {number + 1}",
                "boxes": [self[f"{part}-{number}"] for part in ("name", "delivers", "share")],
            }
            for number in range(self.size)
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.partners: list[Partner] = []
        for number in range(self.size):
            typed, share = (data.get(f"name-{number}") or "").strip(), data.get(f"share-{number}")
            if not typed:
                if share:
                    self.add_error(f"name-{number}", "Name the partner that receives this share.")
                continue
            found = self._organisation(typed)
            if found is None:
                self.add_error(f"name-{number}", f"No one organisation is called “{typed}”. Use its reference.")
            elif share is None and f"share-{number}" not in self.errors:
                self.add_error(f"share-{number}", f"Enter what {found} receives; 0 when it receives nothing.")
            elif share is not None:
                self.partners.append(Partner(found, share, data.get(f"delivers-{number}") or ""))
        return data

    def _organisation(self, typed: str) -> Organisation | None:
        standing = Organisation.objects.standing().in_layer(self.grant.programme.layer)
        by_ref = standing.filter(ref__iexact=typed).first()
        named = list(standing.filter(name__iexact=typed)[:2])
        return by_ref or (named[0] if len(named) == 1 else None)


def save_partners(form: PartnersForm, grant: Commitment, by: User) -> None:
    set_partners(commitment=grant, partners=form.partners, by=by)


GRIDS: dict[str, Grid] = {
    "partners": Grid(
        "Partners",
        "The organisation leads and keeps what the partners do not get. Empty rows are left out.",
        PartnersForm,
        save_partners,
    ),
    "sources": Grid(
        "Where the money comes from",
        "By source and financial year, to the penny. You may save a part of it now and finish later.",
        sources_form,
        save_sources,
    ),
    "areas": Grid("Where it is spent", "Shares come to the award to the penny.", AreasForm, save_areas),
    "profile": Grid(
        "When it is spent",
        "By quarter and cost heading. “Spread evenly” divides what is typed, or the whole award, over the quarters.",
        profile_form,
        save_profile,
    ),
    "indicators": Grid(
        "Indicators",
        "Tick what the award reports, with where it stands now and what it aims for in each year.",
        indicators_form,
        save_indicators,
    ),
    "targets": Grid("People to reach", "In each quarter. Leave what is not agreed empty.", targets_form, save_targets),
}
