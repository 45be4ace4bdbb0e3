"""What a signed edition printed: last year's figure beside this year's, without typing it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.definition import definition_of
from evaluation.figures.family import ListedFamily
from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureKey
from evaluation.models import Edition, EditionFile
from vru.lib.periods import FinancialYear, PeriodError, long_date

NAME = "signed.value"
_OWN = ("of", "year", "report")
# Any parameter of the figure that was printed.
_ITS = (
    *("quarter", "programme", "theme", "objective", "outcome", "organisation", "category", "kind", "source", "borough"),
    *("dimension", "heading", "indicator", "status", "measure"),
)


def signed_key(key: FigureKey, year: FinancialYear, kind: str) -> str:
    """The key of what the signed report of a kind and year printed for another key."""
    return str(FigureKey.of(NAME, {**dict(key.parameters), "of": key.name, "year": str(year), "report": kind}))


def signed_figure(computation: Computation, key: FigureKey) -> Figure | None:
    """A figure as the newest signed edition of a kind of report printed it: ``of`` names its family, ``report`` the
    kind, ``year`` the financial year; the rest is the slice.

    Numerator: the value in the edition's frozen snapshot; never recomputed.
    Denominator: that of the figure.
    Exclusions: editions that nobody signed; what was hidden to protect small counts has no value.
    Unit: that of the figure.
    Source: the signed edition, with its number and day.
    """
    try:
        year = FinancialYear.parse(key.get("year") or "")
    except PeriodError:
        return None
    inner = FigureKey(key.get("of") or "", tuple((name, value) for name, value in key.parameters if name not in _OWN))
    kind = key.get("report") or ""
    edition, printed = computation.keep(
        ("signed", year.start, kind), lambda: _newest(computation.scope.layer, year.start, kind)
    )
    if edition is None:
        return None
    figure = printed.get(str(inner))
    return _as_printed(str(key), edition, figure) if figure is not None and not figure.get("hidden") else None


def _newest(layer: str, year: int, kind: str) -> tuple[Edition | None, dict[str, Any]]:
    edition = (
        Edition.objects.signed()
        .filter(
            report__layer=layer, report__year=year, report__outline__kind=kind, report__period="", report__subject=""
        )
        .select_related("report__outline")
        .order_by("-signed_at", "-pk")
        .first()
    )
    if edition is None:
        return None, {}
    stored = edition.files.filter(kind=EditionFile.Kind.SNAPSHOT).order_by("-is_final").first()
    if stored is None:
        return None, {}
    with stored.file.open("rb") as content:
        return edition, json.load(content)["figures"]


def _as_printed(key: str, edition: Edition, figure: dict[str, Any]) -> Figure:
    year = edition.financial_year
    signed = f", signed {long_date(edition.signed_at.date())}" if edition.signed_at else ""
    return Figure(
        key=key,
        label=f"{figure['label']}, as signed for {year}",
        value=_number(figure["value"]),
        low=_number(figure["low"]),
        high=_number(figure["high"]),
        unit=figure["unit"],
        precision=figure["precision"],
        basis=show.STATED,
        sources=(f"{edition.outline.title} {year}, edition {edition.number}{signed}",),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


FAMILIES: tuple[ListedFamily, ...] = (
    ListedFamily(
        NAME,
        "Figure of a signed edition",
        "that of the figure",
        definition_of(signed_figure),
        (*_OWN, *_ITS),
        lambda computation: {},
        signed_figure,
        required=_OWN,
    ),
)
