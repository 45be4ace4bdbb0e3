"""How each kind of block is written out for the templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import mark_safe

from evaluation.figures.key import FigureKey
from evaluation.reports.charts import draw
from evaluation.reports.links import Linked, trace_address
from evaluation.reports.setting import folded, unbroken
from evaluation.reports.tokens import Resolver
from vru.lib.charts import LogicColumn, LogicLink, LogicModel, LogicNode, logic_model_svg
from vru.lib.narrative import Token, fill, to_html
from vru.lib.words import capital

Context = dict[str, Any]
NO_RESPONSE = ({"status": "", "text": "No response is on record."},)
# A printed table of more rows takes minutes and hundreds of megabytes to lay out; the annex always has all of them.
MOST_ROWS = 300
FEW_POINTS = 3
_RIGHT = ("count", "money", "percent", "number")


class Page:
    """The facts of one edition, and how its texts and single figures are written. In one that is ``traced``, figures
    are links to their trace (see `links`).
    """

    def __init__(self, data: Mapping[str, Any], resolver: Resolver, *, traced: bool = False) -> None:
        self.data = data
        self.figures = data["figures"]
        self.resolve = resolver
        self.traced = traced

    def html(self, text: str) -> str:
        return mark_safe(self._written(text))  # noqa: S308 - cleaned by nh3

    def shown(self, text: str, key: str | None) -> str:
        """The text of a figure, which leads to its trace where it has one."""
        return Linked(text, key) if self.traced and key and key in self.figures else text

    def _written(self, text: str) -> str:
        return unbroken(to_html(text, self.resolve, address=self._address if self.traced else None))

    def _address(self, token: Token) -> str | None:
        try:
            key = str(FigureKey.parse(token.body))
        except ValueError:
            return None
        return trace_address(key) if key in self.figures else None

    def inline(self, text: str) -> str:
        """One line of Markdown without its paragraph."""
        made = self._written(text)
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
            "display": self.shown(figure["display"], key),
            "label": capital(figure["label"]),
            "stated": figure["basis"] == "stated",
            "basis_note": self.basis(figure),
        }


def write_block(page: Page, block: Mapping[str, Any]) -> list[Context]:
    """What the templates read of one block; a list of programmes is one for each of its groups."""
    return WRITERS[block["kind"]](page, block)


def _prose(page: Page, block: Mapping[str, Any]) -> list[Context]:
    return [{"kind": "prose", "html": page.html(block["text"])}]


def _callout(page: Page, block: Mapping[str, Any]) -> list[Context]:
    return [{"kind": "callout", "title": page.words(block["title"]), "html": page.html(block["text"])}]


def _not_supplied(page: Page, block: Mapping[str, Any]) -> list[Context]:
    return [{"kind": "not_supplied", "html": page.html(block["text"])}]


def _problem(page: Page, block: Mapping[str, Any]) -> list[Context]:
    html = f"<p><strong>{escape(block['text'])}</strong></p>"
    return [{"kind": "callout", "title": "This part cannot be made yet", "html": mark_safe(html)}]  # noqa: S308


def _nothing(page: Page, block: Mapping[str, Any]) -> list[Context]:
    what = f"{page.words(block['caption'])}: " if block["caption"] else ""
    text = f"{what}there is nothing to show, because {block['reason']}."
    html = f"<p>{escape(text[0].upper() + text[1:])}</p>"
    return [{"kind": "prose", "html": mark_safe(html)}]  # noqa: S308 - escaped above


def _figures(page: Page, block: Mapping[str, Any]) -> list[Context]:
    items = [page.big_figure(key) for key in block["keys"]]
    return [{"kind": "figures", "items": items}] if items else []


def write_table(page: Page, block: Mapping[str, Any]) -> list[Context]:
    rows = block["rows"][:MOST_ROWS]
    notes = [page.words(note) for note in block["notes"]]
    if len(block["rows"]) > len(rows):
        notes.append(f"The first {len(rows)} of {len(block['rows']):,} rows; the data annex has all of them.")
    columns = [_column(column) for column in block["columns"]]
    listed = [
        {
            "header": row["header"],
            "cells": [page.shown(cell["text"], cell.get("key")) for cell in row["cells"]],
            "emphasis": row["emphasis"],
        }
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


def _chart(page: Page, block: Mapping[str, Any]) -> list[Context]:
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
                "cells": [page.shown(row["displays"][index], row["keys"][index]) for row in block["series"]],
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


def _logic_model(page: Page, block: Mapping[str, Any]) -> list[Context]:
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


def _programmes(page: Page, block: Mapping[str, Any]) -> list[Context]:
    made: list[Context] = []
    for group in block["groups"]:
        items = [_programme(page, item) for item in group["items"]]
        made.append({"kind": "programme_list", "title": group["title"], "items": items})
    return made


def _programme(page: Page, item: Mapping[str, Any]) -> Context:
    figures = [
        {
            "display": page.shown(page.figures[key]["display"], key),
            "label": _short_label(page.figures[key]),
            "basis_note": "",
        }
        for key in item["keys"]
    ]
    figures += [
        {
            "display": page.shown(each["text"], each["key"]),
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


def _recommendations(page: Page, block: Mapping[str, Any]) -> list[Context]:
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


WRITERS: dict[str, Callable[[Page, Mapping[str, Any]], list[Context]]] = {
    "callout": _callout,
    "chart": _chart,
    "figures": _figures,
    "logic_model": _logic_model,
    "not_supplied": _not_supplied,
    "nothing": _nothing,
    "problem": _problem,
    "programmes": _programmes,
    "prose": _prose,
    "recommendations": _recommendations,
    "table": write_table,
}
