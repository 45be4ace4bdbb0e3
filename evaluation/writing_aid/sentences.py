"""Sentences to take or change: a figure with what it rests on, beside its target, the quarter before and last year.

Every number in them is a token, so that a sentence stays right when the figures move. No sentence says "more" or
"less" by itself: which it is may turn with the next return.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation.figures.computation import Computation
from evaluation.figures.families.signed import signed_key
from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureError, FigureKey
from evaluation.figures.snapshot import read_snapshot
from evaluation.models import Report, ReportSection
from evaluation.models.report import QUARTERS
from evaluation.reports.as_at import scope_of_report
from evaluation.reports.content import written_content
from evaluation.reports.tokens import TEXTS, Resolver
from evaluation.writing_aid.figures import figures_of
from vru.lib.bounded import Precision
from vru.lib.narrative import fill, find_tokens
from vru.lib.periods import PeriodError, Quarter

HEADLINES = ("funding.total", "award.total", "spend.total", "reach.new", "reach.trained", "grants.count")
MOST_KEYS = 20
# What a figure is measured against, by family.
TARGETS = {"reach.new": "reach.target", "indicator.result": "indicator.target", "spend.total": "spend.profile"}
NAMES = {
    "reach.target": "a target of",
    "indicator.target": "a target of",
    "spend.profile": "a profile of",
}
BASIS, TARGET, BEFORE, LAST_YEAR, PRECISION = (
    "With what it rests on",
    "Beside its target",
    "Beside the quarter before",
    "Beside last year's signed edition",
    "With how exact it is",
)
_PRECISION = {
    Precision.ABOUT: "The number is an estimate: {shown}.",
    Precision.AT_LEAST: "It is at least that many, because not every return says an upper bound: {shown}.",
    Precision.ROUNDED: "The number was rounded where it was printed: {shown}.",
}


@dataclass(frozen=True)
class Suggestion:
    """``text`` goes into the section; ``preview`` is how it would read today."""

    key: str
    label: str
    what: str
    text: str
    preview: str


def suggestions_for(report: Report, section: ReportSection | None, keys: Sequence[str] = ()) -> list[Suggestion]:
    """Sentences about the keys asked for, else about the figures of the section, else about the headline figures."""
    asked = list(keys) or (_keys_of(section) if section is not None else []) or list(HEADLINES)
    computation = Computation(scope_of_report(report))
    with read_snapshot():
        subjects, _ = figures_of(computation, asked[:MOST_KEYS])
        shown = [figure for figure in subjects.values() if figure.has_value]
        companions = [key for figure in shown for key in _companions(figure, report).values()]
        beside, _ = figures_of(computation, companions)
    every = {key: figure for key, figure in (beside | {each.key: each for each in shown}).items() if figure.has_value}
    made = [each for figure in shown for each in _about(figure, every, report)]
    return list({each.text: each for each in made}.values())


def _keys_of(section: ReportSection) -> list[str]:
    texts = written_content(section).texts
    bodies = [token.body for text in texts for token in find_tokens(text) if token.body not in TEXTS]
    return list(dict.fromkeys(body for body in bodies if not body.startswith(("stated.", "series.", "signed."))))


def _companions(figure: Figure, report: Report) -> dict[str, str]:
    """The keys that a figure is set beside, by what they are; those that cannot exist are left out."""
    key = FigureKey.parse(figure.key)
    found = {}
    if key.name in TARGETS:
        found[TARGET] = str(FigureKey(TARGETS[key.name], key.parameters))
    quarter = key.get("quarter")
    if quarter and int(Quarter.parse(quarter).number) > 1:
        before = dict(key.parameters) | {"quarter": Quarter.parse(quarter).previous().key}
        found[BEFORE] = str(FigureKey.of(key.name, before))
    if not quarter and report.period not in QUARTERS:
        found[LAST_YEAR] = signed_key(key, report.financial_year.previous(), report.outline.kind)
    return found


def _about(figure: Figure, every: dict[str, Figure], report: Report) -> Iterator[Suggestion]:
    subject, token = _subject(figure), f"{{{{{figure.key}}}}}"
    said: list[tuple[str, str]] = [(BASIS, f"{subject}: {token}, {{{{{figure.key} | basis}}}}.")]
    companions = {what: key for what, key in _companions(figure, report).items() if key in every}
    if TARGET in companions:
        name = NAMES[FigureKey.parse(companions[TARGET]).name]
        said.append((TARGET, f"{subject}: {token}, against {name} {{{{{companions[TARGET]}}}}}."))
    if BEFORE in companions:
        said.append((BEFORE, f"{subject}: {token}, after {{{{{companions[BEFORE]}}}}} in the quarter before."))
    if LAST_YEAR in companions:
        year = report.financial_year.previous()
        text = f"{subject}: {token}. The signed report of {year} gave {{{{{companions[LAST_YEAR]}}}}}."
        said.append((LAST_YEAR, text))
    precision = _PRECISION.get(Precision(figure.precision))
    if precision:
        said.append((PRECISION, f"{subject}: {token}. " + precision.format(shown=f"{{{{{figure.key} | words}}}}")))
    for what, text in said:
        yield Suggestion(figure.key, figure.label, what, text, preview(text, every))


def preview(text: str, figures: dict[str, Figure]) -> str:
    """A sentence with its tokens filled in by today's figures."""
    options = {token.option for token in find_tokens(text)} - {""}
    listed = {
        key: {"display": figure.display, "shown": {option: figure.shown(option) for option in options}}
        for key, figure in figures.items()
    }
    return fill(text, Resolver(listed, {}))


def _subject(figure: Figure) -> str:
    return figure.label[:1].upper() + figure.label[1:]


def readable_key(text: str) -> str:
    """A key somebody asked for in its one form; "" for text that is none."""
    try:
        return str(FigureKey.parse(text))
    except (FigureError, PeriodError):
        return ""
