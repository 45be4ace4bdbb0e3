"""From facts to what the templates read. Facts in, strings out: no database, no clock."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe

from evaluation.models import Edition
from evaluation.reports.charts import draw
from evaluation.reports.facts import Facts
from evaluation.reports.gather import written
from evaluation.reports.setting import capital, folded, places, unbroken, without_repeats
from evaluation.reports.tokens import Resolver
from vru.lib.charts import LogicColumn, LogicLink, LogicModel, LogicNode, logic_model_svg
from vru.lib.layers import Layer
from vru.lib.narrative import fill, to_html
from vru.lib.pdf import embed_stylesheet

Context = dict[str, Any]
SNAPSHOT = "snapshot"
NO_RESPONSE = ({"status": "", "text": "No response is on record."},)
# A printed table of more rows takes minutes and hundreds of megabytes to lay out; the annex always has all of them.
MOST_ROWS = 300
FEW_POINTS = 3
_SUBSECTION = re.compile(r"\d+[A-Z]")
_RIGHT = ("count", "money", "percent", "number")


def report_html(facts: Facts) -> tuple[str, list[str]]:
    """(The report as one self-contained HTML document, the keys of narrative tokens that had no figure)."""
    context, missing = report_context(facts)
    return render_to_string("report/report.html", context | {"stylesheet": _stylesheet()}), missing


def report_context(facts: Facts) -> tuple[Context, list[str]]:
    data = facts.data
    resolver = Resolver(data["figures"], data["texts"])
    page = _Page(data, resolver)
    sections, snapshot = [], []
    for section in data["sections"]:
        blocks = section["blocks"]
        if section["slug"] == SNAPSHOT:
            snapshot = [page.big_figure(key) for block in blocks if block["kind"] == "figures" for key in block["keys"]]
            blocks = [block for block in blocks if block["kind"] != "figures"]
            if not blocks and not section["key_points"]:
                continue
        sections.append(page.section(section, blocks))
    context = {
        "edition": page.edition(facts.sha256),
        "snapshot": snapshot,
        "sections": sections,
        "methods": page.methods(),
        "figures_index": page.figures_index(),
    }
    return context, list(resolver.missing)


def moment(data: Mapping[str, Any]) -> datetime.datetime:
    """The only date in the files: the start of the ``as_at`` day, so that the same snapshot gives the same bytes."""
    return datetime.datetime.combine(datetime.date.fromisoformat(data["as_at"]), datetime.time(), datetime.UTC)


def mark(data: Mapping[str, Any]) -> str:
    """What stands on every page of an edition that is not what a reader might take it for."""
    marks = ["Illustrative data"] if data["layer"] == Layer.ILLUSTRATIVE else []
    if data["edition"]["status"] in (Edition.Status.DRAFT, Edition.Status.IN_REVIEW):
        marks.append("Draft")
    return " · ".join(marks)


class _Page:
    """The facts of one edition, and how each kind of block is written."""

    def __init__(self, data: Mapping[str, Any], resolver: Resolver) -> None:
        self.data = data
        self.figures = data["figures"]
        self.resolve = resolver

    def edition(self, snapshot_hash: str) -> Context:
        data = self.data
        number = data["edition"]["number"]
        status = Edition.Status(data["edition"]["status"]).label
        return {
            "unit_name": data["unit"]["name"],
            "unit_short": data["unit"]["short_name"],
            "place": data["unit"]["place"] if data["unit"]["place"] not in data["unit"]["name"] else "",
            "year": data["year"],
            "kind_title": data["title"],
            "funder": data["funder"],
            "as_at": written(datetime.date.fromisoformat(data["as_at"])),
            "layer": data["layer"],
            "status_label": f"{status}, edition {number}" if number else "Working draft, not numbered",
            "mark": mark(data) or None,
            "signed": None,
            "generated_note": self.made_of(),
            "snapshot_hash": snapshot_hash,
        }

    def made_of(self) -> str:
        layer = self.data["layer"]
        if layer == Layer.ILLUSTRATIVE:
            return (
                "The programmes, organisations, returns and figures in this edition are invented, to show how a report "
                "is made from returns. Nothing in it happened."
            )
        if layer == Layer.PUBLISHED:
            return (
                "The figures in this edition were read out of published documents. Each names its document and "
                "place; where two of them disagree, both are shown and the difference is listed."
            )
        return "The figures in this edition come from the unit's own records and approved returns."

    def section(self, section: Mapping[str, Any], blocks: list[Mapping[str, Any]]) -> Context:
        return {
            "number": section["number"],
            "slug": section["slug"],
            "title": section["title"],
            "level": 2 if _SUBSECTION.fullmatch(section["number"]) else 1,
            "key_points": [self.inline(point) for point in section["key_points"]],
            "blocks": [made for block in without_repeats(blocks) for made in _WRITERS[block["kind"]](self, block)],
        }

    def html(self, text: str) -> str:
        return mark_safe(unbroken(to_html(text, self.resolve)))  # noqa: S308 - cleaned by nh3

    def inline(self, text: str) -> str:
        """One line of Markdown without its paragraph."""
        made = unbroken(to_html(text, self.resolve))
        inner = made.removeprefix("<p>").removesuffix("</p>")
        return mark_safe(inner if "<p>" not in inner else made)  # noqa: S308 - cleaned by nh3

    def words(self, text: str) -> str:
        return fill(text, self.resolve)

    def basis(self, figure: Mapping[str, Any]) -> str:
        """What a figure rests on: returns, or its document and place."""
        if figure["key"].startswith("returns."):
            return "The unit's schedule of returns"
        expected = figure["returns_expected"]
        if expected is not None:
            return f"From {figure['returns_received'] or 0:,} of {expected:,} returns"
        named = figure["sources"]
        if len(named) > 1:
            return f"{named[0]}, and {len(named) - 1} more"
        return named[0] if named else "The unit's register"

    def big_figure(self, key: str) -> Context:
        figure = self.figures[key]
        return {
            "display": figure["display"],
            "label": capital(figure["label"]),
            "stated": figure["basis"] == "stated",
            "basis_note": self.basis(figure),
        }

    def methods(self) -> Context:
        made: Context = {
            "definitions": [
                {
                    "label": _told_apart(each, self.data["definitions"]),
                    "key_family": each["family"],
                    "unit": each["unit"],
                    **{part: _said(each[part]) for part in ("numerator", "denominator", "exclusions", "source")},
                }
                for each in self.data["definitions"]
            ],
            "completeness": [],
            "documents": False,
            "disclosure": [mark_safe(f"<p>{escape(each)}</p>") for each in self.data["disclosure"]],  # noqa: S308
            "issues": None,
        }
        documents = self.documents()
        if documents["rows"]:
            made["documents"] = True
            made["completeness"] += _table(self, documents)
        if self.data["completeness"]["rows"]:
            caption = "Returns expected and approved, by quarter"
            made["completeness"] += _table(
                self, self.data["completeness"] | {"id": "completeness", "number": "M2", "caption": caption}
            )
        if self.data["issues"]["rows"]:
            caption = "Differences between figures, found by rule"
            listed = _table(self, self.data["issues"] | {"id": "issues", "number": "M3", "caption": caption})
            made["issues"] = listed[0]
        return made

    def documents(self) -> dict[str, Any]:
        """The documents that figures and tables of this edition name by their short keys."""
        blocks = [block for section in self.data["sections"] for block in section["blocks"]]
        cited = [source for each in (*self.figures.values(), *blocks) for source in each.get("sources", ())]
        named = {source.partition(", ")[0] for source in cited}
        rows = [
            {
                "header": each["key"],
                "cells": [{"text": each["title"]}, {"text": each["publisher"]}, {"text": each["published"]}],
                "emphasis": False,
            }
            for each in self.data["documents"]
            if each["key"] in named
        ]
        columns = [{"label": label, "kind": "text", "unit": ""} for label in ("Key", "Document", "Publisher", "Date")]
        return {
            "id": "documents",
            "number": "M1",
            "caption": "Documents that figures were read from",
            "columns": columns,
            "rows": rows,
            "notes": [],
            "sources": [],
        }

    def figures_index(self) -> list[Context]:
        return [
            {
                "display": figure["display"],
                "label": capital(figure["label"]),
                "key": key,
                # Document and section; the annex has the whole place.
                "basis": f"{', '.join(self.basis(figure).split(', ')[:2])}.",
                "where": places(figure["where"]),
            }
            for key, figure in sorted(self.figures.items(), key=lambda item: item[1]["order"])
        ]


def _told_apart(definition: Mapping[str, Any], definitions: list[Mapping[str, Any]]) -> str:
    """The title of a definition; where another has the same one, with what it is divided by: "Funding, by source"."""
    title, family = str(definition["title"]), str(definition["family"])
    is_shared = sum(each["title"] == title for each in definitions) > 1
    part = family.rpartition(".")[2]
    return f"{title}, {'in all' if part == 'total' else f'by {part}'}" if is_shared else title


def _said(part: str) -> str:
    """A part of a definition; "none" says nothing worth a line."""
    return "" if part.rstrip(".").casefold() == "none" else part


def _prose(page: _Page, block: Mapping[str, Any]) -> list[Context]:
    return [{"kind": "prose", "html": page.html(block["text"])}]


def _callout(page: _Page, block: Mapping[str, Any]) -> list[Context]:
    return [{"kind": "callout", "title": page.words(block["title"]), "html": page.html(block["text"])}]


def _not_supplied(page: _Page, block: Mapping[str, Any]) -> list[Context]:
    return [{"kind": "not_supplied", "html": page.html(block["text"])}]


def _nothing(page: _Page, block: Mapping[str, Any]) -> list[Context]:
    what = f"{page.words(block['caption'])}: " if block["caption"] else ""
    text = f"{what}there is nothing to show, because {block['reason']}."
    html = f"<p>{escape(text[0].upper() + text[1:])}</p>"
    return [{"kind": "prose", "html": mark_safe(html)}]  # noqa: S308 - escaped above


def _figures(page: _Page, block: Mapping[str, Any]) -> list[Context]:
    items = [page.big_figure(key) for key in block["keys"]]
    return [{"kind": "figures", "items": items}] if items else []


def _table(page: _Page, block: Mapping[str, Any]) -> list[Context]:
    rows = block["rows"][:MOST_ROWS]
    notes = [page.words(note) for note in block["notes"]]
    if len(block["rows"]) > len(rows):
        notes.append(f"The first {len(rows)} of {len(block['rows']):,} rows; the data annex has all of them.")
    columns = [_column(column) for column in block["columns"]]
    listed = [
        {"header": row["header"], "cells": [cell["text"] for cell in row["cells"]], "emphasis": row["emphasis"]}
        for row in rows
    ]
    columns, listed = folded(columns, listed)
    return [
        {
            "kind": "table",
            "id": block["id"],
            "number": block["number"],
            "caption": page.words(block["caption"]),
            "columns": columns,
            "rows": listed,
            "notes": notes,
            "source": "; ".join(block["sources"]),
        }
    ]


def _column(column: Mapping[str, str]) -> Context:
    align = "right" if column["kind"] in _RIGHT else "left"
    return {"label": column["label"], "unit": column["unit"], "align": align}


def _chart(page: _Page, block: Mapping[str, Any]) -> list[Context]:
    caption = page.words(block["caption"])
    heads = ["Area" if block["areas"] else "", *(row["label"] for row in block["series"])]
    names = {area["code"]: area["name"] for area in block["areas"]}
    columns, rows = folded(
        [
            {"label": label or "Category", "unit": "", "align": "right" if n else "left"}
            for n, label in enumerate(heads)
        ],
        [
            {
                "header": names.get(category, category),
                "cells": [row["displays"][index] for row in block["series"]],
                "emphasis": False,
            }
            for index, category in enumerate(block["categories"])
            if "in_table" not in block
        ],
    )
    return [
        {
            "kind": "chart",
            "id": block["id"],
            "number": block["number"],
            "caption": caption,
            "svg": draw(block, prefix=block["id"], title=caption),
            "columns": columns,
            "rows": rows,
            # Bars carry their values and a line of few points is read off; longer lines and maps need their table.
            "print_data": block["type"] in ("line", "tile_map") and len(block["categories"]) > FEW_POINTS,
            "notes": [page.words(note) for note in block["notes"]],
            "source": "; ".join(block["sources"]),
        }
    ]


def _logic_model(page: _Page, block: Mapping[str, Any]) -> list[Context]:
    caption = page.words(block["caption"])
    columns = tuple(
        LogicColumn(column["label"], tuple(LogicNode(**node) for node in column["nodes"]))
        for column in block["columns"]
    )
    links = tuple(LogicLink(link["from"], link["to"]) for link in block["links"])
    names = {node.id: node.label for column in columns for node in column.nodes}
    return [
        {
            "kind": "logic_model",
            "id": block["id"],
            "number": block["number"],
            "caption": caption,
            "svg": logic_model_svg(LogicModel(block["id"], caption, columns, links)),
            "columns": [_column({"label": label, "unit": "", "kind": "text"}) for label in ("From", "To", "Basis")],
            "rows": [
                {"header": names[link["from"]], "cells": [names[link["to"]], link["basis"]], "emphasis": False}
                for link in block["links"]
            ],
            "notes": [page.words(note) for note in block["notes"]],
            "source": "",
        }
    ]


def _programmes(page: _Page, block: Mapping[str, Any]) -> list[Context]:
    made: list[Context] = []
    for group in block["groups"]:
        items = [_programme(page, item) for item in group["items"]]
        made.append({"kind": "programme_list", "title": group["title"], "items": items})
    return made


def _programme(page: _Page, item: Mapping[str, Any]) -> Context:
    figures = [
        {"display": page.figures[key]["display"], "label": _short_label(page.figures[key]), "basis_note": ""}
        for key in item["keys"]
    ]
    figures += [
        {
            "display": each["text"],
            "label": each["label"],
            "basis_note": _said_how(each["kind"], each["period"]),
        }
        for each in item["stated"]
    ]
    meta = " · ".join(part[0].upper() + part[1:] for part in item["meta"] if part)
    return {"title": item["title"], "meta": meta, "html": page.html(item["summary"]), "figures": figures}


def _said_how(kind: str, period: str) -> str:
    """The kind of a stated number, unless it is a plain count, and its period."""
    return ", ".join(
        part for part in ("" if kind == "Actual" else kind.lower(), period[:1].lower() + period[1:]) if part
    )


def _short_label(figure: Mapping[str, Any]) -> str:
    """The family's title without the programme's name, which stands above it."""
    return str(figure["label"]).split(", ")[0].lower()


def _recommendations(page: _Page, block: Mapping[str, Any]) -> list[Context]:
    items = [
        {
            "ref": item["ref"],
            "text_html": mark_safe(f"<p>{escape(item['title'])}</p>"),  # noqa: S308
            "responses": [_response(each) for each in item["responses"] or NO_RESPONSE],
        }
        for item in block["items"]
    ]
    return [{"kind": "recommendations", "title": page.words(block["caption"] or ""), "items": items}]


def _response(response: Mapping[str, str]) -> Context:
    text = mark_safe(f"<p>{escape(response['text'])}</p>")  # noqa: S308 - escaped here
    return {"status": response["status"], "text_html": text}


_WRITERS: dict[str, Callable[[_Page, Mapping[str, Any]], list[Context]]] = {
    "callout": _callout,
    "chart": _chart,
    "figures": _figures,
    "logic_model": _logic_model,
    "not_supplied": _not_supplied,
    "nothing": _nothing,
    "programmes": _programmes,
    "prose": _prose,
    "recommendations": _recommendations,
    "table": _table,
}


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    return embed_stylesheet(Path(settings.BASE_DIR) / "static" / "report" / "report.css")
