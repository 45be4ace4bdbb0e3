"""Storing published funding sources, allocations and budget lines."""

from __future__ import annotations

from collections import Counter

from evaluation.loading.merged import Merged
from programmes.loading.schema import Row
from programmes.models import Allocation, BudgetCategory, BudgetLine, FundingSource, SourceDocument
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear


def put_money(merged: Merged) -> None:
    sources = put_sources(merged)
    _put_allocations(merged, sources)
    _put_budget_lines(merged)


def put_sources(merged: Merged) -> dict[str, FundingSource]:
    for order, row in enumerate(merged.once_each("funding_sources", "slug"), start=1):
        values = {name: row[name] for name in ("title", "funder", "kind")} | {"order": order}
        merged.writer.put(FundingSource, row.place, {"slug": row["slug"]}, values)
    return {source.slug: source for source in FundingSource.objects.all()}


def _put_allocations(merged: Merged, sources: dict[str, FundingSource]) -> None:
    sequences: Counter[tuple[str, int]] = Counter()
    for row in merged.rows("allocations"):
        sequence = sequences[row["source"], row["year"]] = sequences[row["source"], row["year"]] + 1
        is_original = row["kind"] == "original"
        if is_original != (sequence == 1):
            merged.writer.problems.add(
                row.at("kind"), "the first allocation of a source and year is original; any further one is restated."
            )
        if not is_original and not row["because"]:
            merged.writer.problems.add(row.at("because"), "is missing. Say why the allocation was restated.")
        source = merged.writer.find(sources, row["source"], row.at("source"), "funding source")
        values = {
            "amount_pence": row["amount"],
            "restated_because": row["because"],
            "source_document": provenance(merged, row),
            "place": row["place"],
        }
        if source is not None:
            key = {"source": source, "year": row["year"], "layer": merged.layer, "sequence": sequence}
            merged.writer.put(Allocation, row.place, key, values)


def _put_budget_lines(merged: Merged) -> None:
    categories = {category.slug: category for category in BudgetCategory.objects.all()}
    numbers: Counter[tuple[str, int]] = Counter()
    prefix = "PUB" if merged.layer == Layer.PUBLISHED else merged.layer.upper()
    for row in merged.rows("budget_lines"):
        number = numbers[row["category"], row["year"]] = numbers[row["category"], row["year"]] + 1
        category = merged.writer.find(categories, row["category"], row.at("category"), "budget category")
        values = {
            "layer": merged.layer,
            "year": row["year"],
            "category": category,
            "amount_pence": row["amount"],
            "source_document": provenance(merged, row),
            "place": row["place"],
        }
        if category is not None:
            ref = f"{prefix}-{FinancialYear(row['year'])}-{category.slug}-{number}"
            merged.writer.put(BudgetLine, row.place, {"ref": ref}, values)


def provenance(merged: Merged, row: Row) -> SourceDocument | None:
    """The document a row was read from: its own, or the one of the statement it was read out of."""
    if row["source_document"]:
        return merged.document(row, "source_document")
    documents = {statement["ref"]: statement["source"] for file in merged.files for statement in file.row["statements"]}
    key = merged.writer.find(documents, row["statement"], row.at("statement"), "statement")
    return merged.documents.get(key) if key else None
