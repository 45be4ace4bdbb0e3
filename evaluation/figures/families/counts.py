"""How many programmes, grants, grantees and boroughs."""

from __future__ import annotations

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.families.slices import BY_PLAN, WHO, WHOLE
from evaluation.figures.family import RolledFamily, Slice, counted, distinct, rolled
from evaluation.figures.rollup import Part, Parts
from grants.models import AreaShare, Commitment
from programmes.models import Area, Programme

NOT_RUNNING = (Programme.Status.DRAFT, Programme.Status.CANCELLED)


def _running(computation: Computation) -> list[tuple[int, int | None]]:
    """Ids of the year's programmes and projects, with their parents."""
    if "running" not in computation.kept:
        year = computation.scope.year
        found = (
            Programme.objects.in_layer(computation.scope.layer)
            .running_between(year.starts_on, year.ends_on)
            .exclude(status__in=NOT_RUNNING)
        )
        computation.kept["running"] = list(found.order_by("pk").values_list("pk", "parent_id"))
    return computation.kept["running"]


@rolled(
    "programmes.count",
    title="Programmes",
    unit=show.COUNT,
    parameters=("programme", "theme", "objective", "outcome", "kind"),
    slices=(*WHOLE, ("theme",), ("objective",), ("outcome",), ("kind",), ("kind", "objective")),
    finish=counted(show.COUNT),
    additive=True,
)
def programmes(computation: Computation, names: Slice) -> Parts:
    """Programmes that ran in the year; ``kind=project`` counts the projects inside them and ``kind=all`` both together.

    Numerator: programmes whose dates touch the year; one without dates is taken to run throughout.
    Denominator: none.
    Exclusions: drafts and cancelled programmes; projects, unless the kind says so.
    Unit: programmes.
    Source: the register of programmes.
    """
    return computation.keep(("programmes", "kind" in names), lambda: _registered(computation, names))


def _registered(computation: Computation, names: Slice) -> Parts:
    parts = []
    for pk, parent in _running(computation):
        own = "project" if parent else "programme"
        for kind in (own, "all") if "kind" in names else (own,) if not parent else ():
            parts.append(Part(computation.programme(pk), "", 1, extra=(kind,)))
    return Parts(parts, extra=("kind",))


def _grants(computation: Computation) -> list[int]:
    """Ids of grants awarded by the day that run in the year."""
    if "grants" not in computation.kept:
        year = computation.scope.year
        found = Commitment.objects.grants().awarded().filter(computation.awarded)
        rows = found.overlapping(year.starts_on, year.ends_on).order_by("pk").values_list("pk", flat=True)
        computation.kept["grants"] = list(rows)
    return computation.kept["grants"]


_OF_GRANTS = (*(name for name in WHO if name != "kind"), "source", "borough")
_SLICES = (*WHOLE, *BY_PLAN, ("category",), ("source",), ("borough",))


def _areas(computation: Computation) -> dict[int, list[str]]:
    """Codes of the areas that commitments have a share for, by commitment."""
    if "areas" not in computation.kept:
        found: dict[int, list[str]] = {}
        shares = AreaShare.objects.filter(commitment__programme__layer=computation.scope.layer, amount_pence__gt=0)
        for pk, code in shares.order_by("commitment_id", "area__code").values_list("commitment_id", "area__code"):
            found.setdefault(pk, []).append(code)
        computation.kept["areas"] = found
    return computation.kept["areas"]


def _of_grants(computation: Computation, names: Slice) -> Parts:
    return computation.keep(("of grants", "borough" in names), lambda: _held(computation, names))


def _held(computation: Computation, names: Slice) -> Parts:
    owners = [computation.owner(pk) for pk in _grants(computation)]
    if "borough" not in names:
        return Parts([Part(owner, "", 1, item=owner.places["organisation"]) for owner in owners])
    areas = _areas(computation)
    return Parts(
        [
            Part(owner, "", 1, extra=(code,), item=owner.places["organisation"])
            for owner in owners
            for code in areas.get(owner.pk, ["none"])
        ],
        extra=("borough",),
    )


@rolled(
    "grants.count",
    title="Grants",
    unit=show.COUNT,
    parameters=_OF_GRANTS,
    slices=(*_SLICES, ("organisation",)),
    finish=counted(show.COUNT),
    additive=True,
)
def grants(computation: Computation, names: Slice) -> Parts:
    """Grants that ran in the year. One with several sources or boroughs counts once for each of them.

    Numerator: grants accepted and awarded by the day whose dates touch the year.
    Denominator: none.
    Exclusions: contracts and unit costs; drafts and offers.
    Unit: grants.
    Source: the register of commitments.
    """
    return _of_grants(computation, names)


@rolled(
    "grantees.count",
    title="Grantees",
    unit=show.COUNT,
    parameters=_OF_GRANTS,
    slices=_SLICES,
    finish=distinct,
    additive=True,
)
def grantees(computation: Computation, names: Slice) -> Parts:
    """Different organisations that held a grant in the year. Slices do not add up: one may hold several grants.

    Numerator: organisations with a grant accepted and awarded by the day whose dates touch the year, each once.
    Denominator: none.
    Exclusions: holders of contracts and unit costs only; drafts and offers.
    Unit: organisations.
    Source: the register of commitments.
    """
    return _of_grants(computation, names)


@rolled(
    "boroughs.count",
    title="Areas served",
    unit=show.COUNT,
    parameters=("programme", "theme", "objective", "outcome"),
    slices=(*WHOLE, *BY_PLAN),
    finish=distinct,
    additive=True,
)
def boroughs(computation: Computation, names: Slice) -> Parts:
    """Different boroughs or districts where the year's programmes work.

    Numerator: counted areas named by a running programme, or with a share of a grant that ran in the year, each once.
    Denominator: none.
    Exclusions: places that are not one of the counted areas, and the buckets: outside, not known, not apportioned.
    Unit: boroughs or districts.
    Source: areas of programmes; area shares of commitments.
    """
    if "boroughs" not in computation.kept:
        counting = set(Area.objects.counted().values_list("code", flat=True))
        running = {pk for pk, _ in _running(computation)}
        named = Programme.areas.through.objects.filter(programme__layer=computation.scope.layer)
        parts = [
            Part(computation.programme(pk), "", 1, item=code)
            for pk, code in named.order_by("programme_id", "area__code").values_list("programme_id", "area__code")
            if pk in running and code in counting
        ]
        areas = _areas(computation)
        for pk in _grants(computation):
            parts += [Part(computation.owner(pk), "", 1, item=code) for code in areas.get(pk, ()) if code in counting]
        computation.kept["boroughs"] = Parts(parts)
    return computation.kept["boroughs"]


FAMILIES: tuple[RolledFamily, ...] = (programmes, grants, grantees, boroughs)
