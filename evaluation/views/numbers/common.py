"""What the pages about typed numbers share: their heading, and how a number's sentence is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureError, FigureKey
from evaluation.models import Report
from evaluation.numbers import Found, NumbersState
from evaluation.numbers.found import Candidate, Decided
from evaluation.views.report_pages import crumbs
from vru.accounts.permissions import can_write_reports, person
from vru.lib.narrative import Token, fill

# A sentence that is a whole table row or a list without full stops is cut around its number.
LONGEST_SIDE = 240


@dataclass(frozen=True)
class Shown:
    """A number with its sentence as it is read: tokens as their figures."""

    found: Found
    before: str
    after: str
    decided: Decided | None = None

    def with_candidate(self, candidate: Candidate) -> dict[str, Any]:
        """A candidate with the sentence as it would read."""
        return {"candidate": candidate, "before": self.before, "after": self.after}


def page_of(request: HttpRequest, report: Report, *, title: str = "") -> dict[str, Any]:
    """Without ``title`` the page is the list, directly under the report."""
    trail = crumbs(report)
    if title:
        trail.append({"text": "Typed numbers", "href": reverse("evaluation:numbers", args=[report.pk])})
    return {
        "title": title or "Typed numbers",
        "report": report,
        "layer": report.layer,
        "may_write": can_write_reports(person(request)),
        "crumbs": trail,
    }


def shown(found: Found, state: NumbersState) -> Shown:
    before, after = (_read(side, state.figures) for side in (found.before, found.after))
    if len(before) > LONGEST_SIDE:
        before = f"… {before[-LONGEST_SIDE:]}"
    if len(after) > LONGEST_SIDE:
        after = f"{after[:LONGEST_SIDE]} …"
    return Shown(found, before, after, state.decisions.get(found.fingerprint))


def _read(text: str, figures: Mapping[str, Figure]) -> str:
    def resolve(token: Token) -> str:
        try:
            figure = figures.get(str(FigureKey.parse(token.body)))
        except FigureError:
            figure = None
        return figure.display if figure is not None else f"[{token.body}]"

    return fill(text, resolve).replace("**", "")
