"""What the sections of a report say, as it is being written: references, typed numbers and typed sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from evaluation.rules.evidence import Evidence, Passage
from evaluation.rules.found import ERROR, WARNING, Found
from evaluation.rules.registry import rule
from evaluation.rules.wording import amount
from vru.lib.numbers import NumberKind, NumberProblem, read_number

_REFERENCE = re.compile(r"\b(section|appendix|annex)\s+(\d{1,2}[A-Z]?|[A-Z])\b", re.IGNORECASE)
_PAGE = re.compile(r"\b(?:see|on|at)\s+(?:page|p\.)\s*(\d+)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:annual report|report of|strategy|foreword|letter|act|of the (?:report|strategy|assessment))\b", re.IGNORECASE
)
_CELL = re.compile(r"(?<!\\)\|")
_TOTAL = re.compile(r"^\W*(?:grand )?(?:total|all|sum)\W*$", re.IGNORECASE)
LEAST_ROWS = 2


@rule("reference-missing", title="A section refers to one that the report lacks", severities=(ERROR, WARNING))
def reference_missing(evidence: Evidence) -> Iterator[Found]:
    """A section of a report being written names a section or an appendix that the report does not have.

    A warning for a page number: it changes with every edition. References to other documents are left.
    """
    for passage in evidence.passages:
        for line in passage.text.splitlines():
            if _OTHERS.search(line):
                continue
            for kind, number in _REFERENCE.findall(line):
                if not _has(passage, kind, number):
                    name = f"{kind.lower()} {number.upper()}"
                    yield _astray(passage, name, ERROR, f"The report has no {name}. Name one that it has.")
            for number in _PAGE.findall(line):
                told = f"Page {number} is another page in the next edition. Name the section."
                yield _astray(passage, f"page {number}", WARNING, told)


def _has(passage: Passage, kind: str, number: str) -> bool:
    known = {each.casefold() for each in passage.numbers}
    if kind.casefold() == "section":
        # "Section 1" stands for all of 1A to 1E.
        return any(re.fullmatch(rf"{re.escape(number)}[a-z]?", each, re.IGNORECASE) for each in known)
    return f"{kind} {number}".casefold() in known


def _astray(passage: Passage, name: str, severity: str, told: str) -> Found:
    return Found(
        severity=severity,
        where=passage.where,
        stated=name,
        computed="no such place" if severity == ERROR else "",
        difference="",
        explanation=told,
        basis=(str(passage.report), passage.slug, name),
    )


@rule("prose-contradicts", title="A typed number contradicts a figure", severities=(ERROR,))
def prose_contradicts(evidence: Evidence) -> Iterator[Found]:
    """A number typed into a section of a report of the year is not what the figure or statement that it names comes to.

    Numbers that were given a source, or set aside with a reason, are left.
    """
    for typed in evidence.typed:
        yield Found(
            severity=ERROR,
            where=typed.where,
            stated=typed.printed,
            computed=typed.shown,
            difference="",
            explanation=typed.why,
            basis=(str(typed.report), typed.fingerprint),
        )


@rule("typed-table-misses-total", title="A typed table misses its total", severities=(ERROR,))
def typed_table_misses_total(evidence: Evidence) -> Iterator[Found]:
    """In a table typed into a section, a column of numbers does not come to the number in its row "Total".

    Columns with a cell that is no typed number, such as a figure's token, are left: figures are checked as figures.
    """
    for passage in evidence.passages:
        for place, table in enumerate(_tables(passage.text), start=1):
            head, *rows = table
            if len(rows) <= LEAST_ROWS or not _TOTAL.match(rows[-1][0]):
                continue
            for column in range(1, len(head)):
                numbers = [_number(row[column]) if column < len(row) else None for row in rows]
                if None in numbers:
                    continue
                *parts, total = [number for number in numbers if number is not None]
                if sum(parts) != total:
                    yield _missed(passage, place, head[column], sum(parts, Decimal(0)), total)


def _tables(text: str) -> Iterator[list[list[str]]]:
    """Markdown tables as rows of cells, without the line of dashes."""
    table: list[list[str]] = []
    for line, following in pairwise([*text.splitlines(), ""]):
        if line.lstrip().startswith("|"):
            cells = [cell.strip() for cell in _CELL.split(line.strip().strip("|"))]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                table.append(cells)
        if table and not following.lstrip().startswith("|"):
            yield table
            table = []


def _number(cell: str) -> Decimal | None:
    text = cell.strip("* ")
    kind = NumberKind.MONEY if "£" in text else NumberKind.PERCENT if "%" in text else NumberKind.DECIMAL
    try:
        return read_number(text, kind=kind, allow_negative=True).value if text else None
    except NumberProblem:
        return None


def _missed(passage: Passage, place: int, column: str, summed: Decimal, total: Decimal) -> Found:
    return Found(
        severity=ERROR,
        where=f"{passage.where}, typed table {place}, column {column}",
        stated=amount(total, "count"),
        computed=amount(summed, "count"),
        difference=amount(abs(summed - total), "count"),
        explanation=f"The rows come to {amount(summed, 'count')}; the row of totals has {amount(total, 'count')}.",
        basis=(str(passage.report), passage.slug, str(place), column),
    )
