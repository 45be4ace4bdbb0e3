"""What can be taken away as a file by layer and year. A new exporter is one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grants.exports.budgets import budgets
from grants.exports.returns import returns
from vru.lib.exports import Export


@dataclass(frozen=True, slots=True)
class Exporter:
    """``make`` takes the layer and the year a financial year begins in (None: every year)."""

    title: str
    text: str
    make: Callable[[str, int | None], Export]


EXPORTERS = {
    "budgets": Exporter(
        "Budgets", "Every budget line with its category, programme and source; the amounts as they stand.", budgets
    ),
    "returns": Exporter(
        "Returns", "Every return with its state; headline counts and spend of its approved version.", returns
    ),
}
