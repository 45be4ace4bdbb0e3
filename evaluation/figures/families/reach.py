"""The reach ledger. Different counts are never added to each other, and a count of events is never shown as people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.coverage import coverage_parts
from evaluation.figures.families.slices import BY_PLAN, BY_QUARTER, BY_WHO, QUARTERLY, WHO, WHOLE
from evaluation.figures.family import RolledFamily, Rows, Slice, counted, rolled
from evaluation.figures.rollup import OF_GRANT, Part, Parts
from grants.models import Cell, Measure, ReachTarget
from programmes.models import Category

SUMS = {
    "total": Sum("value"),
    # A cell without bounds is exact; one with a low bound alone is "at least".
    "total_low": Sum(Case(When(low=None, high=None, then=F("value")), default=Coalesce("low", Value(0)))),
    "total_high": Sum(Coalesce("high", "value")),
    "unbounded": Count("pk", filter=Q(low__isnull=False, high__isnull=True)),
}
WHERE = ("revision__monitoring_return__commitment_id", "revision__monitoring_return__quarter_id")
PROGRAMME = "revision__monitoring_return__commitment__programme_id"
GROSS = "gross"
_NEW_ONLY = (Measure.NEW.value,)


def _part(computation: Computation, row: dict, extra: tuple[str, ...] = ()) -> Part:
    spread = (row["total_low"], row["total_high"], row["unbounded"] > 0)
    exact = spread == (row["total"], row["total"], False)
    owner = computation.owner(row[WHERE[0]]) if WHERE[0] in row else computation.programme(row[PROGRAMME])
    return Part(
        owner,
        computation.quarters[row[WHERE[1]]],
        row["total"],
        extra=extra,
        spread=None if exact else spread,
    )


def headline(computation: Computation, measure: Measure) -> Parts:
    """The headline of a measure by grant and quarter: one query for all of them where everything is computed, else one
    for each measure that somebody asks for.
    """
    if computation.longer is not None:
        rows = partial(_headline_rows, measure)
        return computation.keep(("headline", measure), lambda: Parts(computation.rows_in_time(rows)))
    if computation.is_whole:
        return computation.keep("headlines", lambda: _headlines(computation, Measure.values))[measure]
    return computation.keep(("headline", measure), lambda: _headlines(computation, [measure]))[measure]


def _headline_rows(measure: Measure, computation: Computation) -> list[Part]:
    return headline(computation, measure).rows


def _headlines(computation: Computation, measures: list[str]) -> dict[str, Parts]:
    cells = Cell.objects.filter(revision__in=computation.revisions, category__kind=Category.Kind.TOTAL)
    if len(measures) < len(Measure.values):
        cells = cells.filter(measure__in=measures)
    rows = cells.order_by().values(*WHERE, "measure").annotate(**SUMS).order_by(*WHERE, "measure")
    found: dict[str, Parts] = {measure: Parts([]) for measure in measures}
    for row in rows:
        found[row["measure"]].rows.append(_part(computation, row))
    return found


def _by_category(computation: Computation, names: Slice, cells: QuerySet[Cell], carried: dict[str, str]) -> Parts:
    """Cells by what their category carries. By programme and not by grant where the slice allows: many fewer rows."""
    by_grant = computation.fine or not OF_GRANT.isdisjoint(set(names) - set(carried))
    where = WHERE if by_grant else (PROGRAMME, WHERE[1])

    def rows(computation: Computation) -> list[Part]:
        return computation.keep(("rows", *where, *carried), lambda: read(computation))

    def read(computation: Computation) -> list[Part]:
        found = cells.filter(revision__in=computation.revisions, measure=Measure.NEW)
        rows = found.order_by().values(*where, *carried.values()).annotate(**SUMS)
        ordered = rows.order_by(*where, *carried.values())
        return [_part(computation, row, tuple(row[column] for column in carried.values())) for row in ordered]

    return computation.keep((*where, *carried), lambda: Parts(computation.rows_in_time(rows), extra=tuple(carried)))


def _by_residence(computation: Computation, names: Slice) -> Parts:
    """New people by area of residence: the breakdown categories that stand for an area."""
    living = Cell.objects.filter(category__area__isnull=False)
    return _by_category(computation, names, living, {"borough": "category__area__code"})


def _family(name: str, title: str, unit: str = show.PEOPLE, **options: Any) -> Callable[[Rows], RolledFamily]:
    slices = options.pop("slices", WHOLE + BY_PLAN + BY_QUARTER)
    # By source: everybody supported by a grant that the source pays for. People are not divided as money is.
    parameters = (*options.pop("parameters", QUARTERLY), "source")
    return rolled(
        name,
        title=title,
        unit=unit,
        parameters=parameters,
        slices=slices,
        finish=counted(unit),
        from_returns=True,
        additive=True,
        **options,
    )


def _new(computation: Computation, names: Slice) -> Parts:
    """People first supported directly under a grant or its predecessor. Gross: people may be counted by more than one
    grant.

    Numerator: the sum of "new" over approved returns; over quarters and over grants.
    Denominator: none.
    Exclusions: people carried in or continuing, indirect reach, practitioners and contacts; returns not approved. By
        borough only residents whose borough is a category of the breakdown are counted. By source, everybody supported
        by a grant that the source pays for, wholly or in part: people are not divided as money is.
    Unit: people.
    Source: headline cells of approved revisions of quarterly returns; by borough, cells of categories tied to an area.
    """
    return _by_residence(computation, names) if "borough" in names else headline(computation, Measure.NEW)


def _supported(computation: Computation, names: Slice) -> Parts:
    """People supported in the year: the caseload carried in, counted once, and everybody new since. Gross: people may
    be counted by more than one grant.

    Numerator: "carried in" of each grant's first return of the year that states it, plus the sum of "new".
    Denominator: none.
    Exclusions: "carried in" stated again in later quarters; indirect reach, practitioners and contacts.
    Unit: people.
    Source: headline cells of approved revisions of quarterly returns.
    """
    carried, new = headline(computation, Measure.CARRIED_IN), headline(computation, Measure.NEW)
    return computation.keep("supported", lambda: Parts(carried.first().rows + new.rows))


def _continuing(computation: Computation, names: Slice) -> Parts:
    """People supported in the quarter who had been supported before.

    Numerator: each grant's latest approved count in the period, summed over grants and never over time.
    Denominator: none.
    Exclusions: new people, to whom they are not added; earlier quarters of the same grant.
    Unit: people.
    Source: headline cells of approved revisions of quarterly returns.
    """
    return _latest(computation, names, Measure.CONTINUING)


def _active(computation: Computation, names: Slice) -> Parts:
    """People being supported on the last day of the period.

    Numerator: each grant's latest approved count in the period, summed over grants and never over time.
    Denominator: none.
    Exclusions: earlier quarters of the same grant.
    Unit: people.
    Source: headline cells of approved revisions of quarterly returns.
    """
    return _latest(computation, names, Measure.ACTIVE)


def _latest(computation: Computation, names: Slice, measure: Measure) -> Parts:
    parts = headline(computation, measure)
    return parts if "quarter" in names else computation.keep(("latest", measure), parts.latest)


def _flow(measure: Measure, what: str, excluded: str, unit: str) -> Rows:
    """A row function with its definition, for measures that are simply summed over quarters and grants."""

    def rows(computation: Computation, names: Slice) -> Parts:
        return headline(computation, measure)

    rows.__doc__ = f"""{what}

    Numerator: the sum of "{measure.label.lower()}" over approved returns; over quarters and over grants.
    Denominator: none.
    Exclusions: {excluded}
    Unit: {unit}.
    Source: headline cells of approved revisions of quarterly returns.
    """
    return rows


def _breakdown(computation: Computation, names: Slice) -> Parts:
    """New people in one category of a dimension such as age. The categories of a dimension, with "not known" and
    "prefer not to say", sum to the new people of the returns that answered it.

    Numerator: the sum of "new" in the category over approved returns.
    Denominator: none.
    Exclusions: returns that were not asked for the dimension; everybody who is not new.
    Unit: people.
    Source: breakdown cells of approved revisions of quarterly returns.
    """
    divided = Cell.objects.exclude(category__kind=Category.Kind.TOTAL)
    carried = {"dimension": "category__dimension__slug", "category": "category__slug"}
    return _by_category(computation, names, divided, carried)


def _target(computation: Computation, names: Slice) -> Parts:
    """How many new people grants were to reach; with ``measure``, the target of another count.

    Numerator: the sum of quarterly targets over grants and quarters.
    Denominator: none.
    Exclusions: grants without a target.
    Unit: people, or what the measure counts.
    Source: reach targets agreed with each grant.
    """
    counted = computation.scope.quarters_counted
    parts = [part for part in _targets(computation) if int(part.quarter[-1]) in counted]
    if "measure" in names:
        return Parts(parts, extra=("measure",))
    return computation.keep(
        "target", lambda: Parts([part for part in parts if part.extra == _NEW_ONLY], extra=("measure",))
    )


def _targets(computation: Computation) -> list[Part]:
    """Every target of the year by grant, quarter and measure, also of quarters that the scope does not count yet."""
    if "reach targets" not in computation.kept:
        fields = ("commitment_id", "quarter_id", "measure")
        rows = (
            ReachTarget.objects.filter(
                commitment__programme__layer=computation.scope.layer, quarter__year=computation.scope.year.start
            )
            .order_by()
            .values(*fields)
            .annotate(total=Sum("value"))
        )
        computation.kept["reach targets"] = [
            Part(
                computation.owner(row["commitment_id"]),
                computation.quarters[row["quarter_id"]],
                row["total"],
                extra=(row["measure"],),
            )
            for row in rows
            if row["commitment_id"] in computation.commitments
        ]
    found: list[Part] = computation.kept["reach targets"]
    return found


def _forecast(computation: Computation, names: Slice) -> Parts:
    """How many new people there will be by the end of the year if every grant meets what remains of its target. It is
    worked out from returns and targets; no grantee was asked for it.

    Numerator: the sum of "new" over approved returns, plus each grant's targets of the quarters after its latest
        approved return. A grant without an approved return counts with all of its targets.
    Denominator: none.
    Exclusions: targets of quarters that a later approved return has passed. A grant without targets adds
        nothing to come.
    Unit: people.
    Source: headline cells of approved revisions of quarterly returns; reach targets agreed with each grant.
    """
    return computation.keep("reach forecast", lambda: _expected(computation))


def _expected(computation: Computation) -> Parts:
    latest: dict[int, str] = {}
    for part in coverage_parts(computation).rows:
        if part.denominator:
            latest[part.owner.pk] = max(latest.get(part.owner.pk, ""), part.quarter)
    ahead = [
        part._replace(extra=())
        for part in _targets(computation)
        if part.extra == _NEW_ONLY and part.quarter > latest.get(part.owner.pk, "")
    ]
    return Parts([*headline(computation, Measure.NEW).rows, *ahead])


_DIMENSION = ("category", "dimension")
_FLOWS = {
    "reach.contacts": (
        Measure.CONTACTS,
        "Contacts",
        "Sessions and attendances: events, never shown as people.",
        show.COUNT,
    ),
    "reach.indirect": (Measure.INDIRECT, "People reached indirectly", "People reached through others.", show.PEOPLE),
    "reach.trained": (Measure.TRAINED, "Practitioners trained", "Professionals who were trained.", show.PEOPLE),
    "reach.referred": (Measure.REFERRED, "People referred", "People referred, by themselves or others.", show.PEOPLE),
    "reach.started": (Measure.STARTED, "People who started", "People who began after a referral.", show.PEOPLE),
    "reach.completed": (Measure.COMPLETED, "People who completed", "People who finished.", show.PEOPLE),
}
_APART = "every other count of the reach ledger: they are never added to each other."

FAMILIES: tuple[RolledFamily, ...] = (
    _family(
        "reach.new",
        f"New people supported ({GROSS})",
        parameters=(*QUARTERLY, "borough"),
        slices=(*WHOLE, *BY_WHO, *BY_QUARTER, ("borough",)),
    )(_new),
    _family("reach.supported", f"People supported in the year ({GROSS})", parameters=WHO, slices=WHOLE + BY_PLAN)(
        _supported
    ),
    _family("reach.continuing", "People who continued from before")(_continuing),
    _family("reach.active", "People being supported at the end of the period")(_active),
    *(
        _family(name, title, unit)(_flow(measure, what, _APART, unit))
        for name, (measure, title, what, unit) in _FLOWS.items()
    ),
    _family(
        "reach.breakdown",
        "New people supported",
        parameters=(*_DIMENSION, "quarter", "programme", "theme", "objective", "outcome", "organisation", "kind"),
        slices=(_DIMENSION, (*_DIMENSION, "quarter"), (*_DIMENSION, "objective")),
        required=_DIMENSION,
    )(_breakdown),
    _family("reach.forecast", f"New people expected by the end of the year ({GROSS})", parameters=WHO, slices=WHOLE)(
        _forecast
    ),
    rolled(
        "reach.target",
        title="Target for new people",
        unit=show.PEOPLE,
        parameters=(*QUARTERLY, "source", "measure"),
        slices=(*WHOLE, *BY_PLAN, *BY_QUARTER, ("measure",)),
        finish=counted(show.PEOPLE),
    )(_target),
)
