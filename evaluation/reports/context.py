"""From facts to what the templates read. Facts in, strings out: no database, no clock."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe

from evaluation.models import Edition
from evaluation.reports.beside import beside_tables
from evaluation.reports.facts import Facts
from evaluation.reports.gather import written
from evaluation.reports.imprint import WORKING, Imprint
from evaluation.reports.links import for_print
from evaluation.reports.setting import places, without_repeats
from evaluation.reports.thin import marks
from evaluation.reports.tokens import Resolver
from evaluation.reports.writers import Context, Page, write_block, write_table
from vru.lib.layers import Layer
from vru.lib.pdf import embed_stylesheet
from vru.lib.words import capital

SNAPSHOT = "snapshot"
_SUBSECTION = re.compile(r"\d+[A-Z]")


@dataclass(frozen=True, slots=True)
class Pages:
    """One report as self-contained HTML documents: ``web`` with links from figures to their trace, ``paper`` without.
    ``missing`` are the keys of narrative tokens that had no figure.
    """

    web: str
    paper: str
    missing: list[str]


def report_pages(facts: Facts, imprint: Imprint = WORKING) -> Pages:
    """Both documents, drawn once."""
    context, missing = report_context(facts, imprint, traced=True)
    web = render_to_string("report/report.html", context | {"stylesheet": _stylesheet()})
    return Pages(web, for_print(web), missing)


def report_html(facts: Facts, imprint: Imprint = WORKING) -> tuple[str, list[str]]:
    """(The report as it is printed, the keys of narrative tokens that had no figure)."""
    pages = report_pages(facts, imprint)
    return pages.paper, pages.missing


def report_context(facts: Facts, imprint: Imprint = WORKING, *, traced: bool = False) -> tuple[Context, list[str]]:
    data = facts.data
    resolver = Resolver(data["figures"], data["texts"], marks(data.get("thin", ())) if _is_draft(imprint) else {})
    page = Page(data, resolver, traced=traced)
    sections: list[Context] = []
    snapshot: list[Context] = []
    snapshot_title = ""
    for section in data["sections"]:
        blocks = section["blocks"]
        if section["slug"] == SNAPSHOT:
            snapshot_title = section["title"]
            snapshot = [page.big_figure(key) for block in blocks if block["kind"] == "figures" for key in block["keys"]]
            blocks = [block for block in blocks if block["kind"] != "figures"]
            if not blocks and not section["key_points"]:
                continue
        after_plate = bool(sections and sections[-1]["blocks"] and sections[-1]["blocks"][-1]["kind"] == "logic_model")
        sections.append(_section(page, section, blocks) | {"after_plate": after_plate})
    context = {
        "edition": _edition(page, facts.sha256, imprint),
        "snapshot": snapshot,
        "snapshot_title": snapshot_title,
        "sections": sections,
        "methods": _methods(page, imprint),
        "figures_index": _figures_index(page),
    }
    return context, list(resolver.missing)


def moment(data: Mapping[str, Any]) -> datetime.datetime:
    """The only date in the files: the start of the ``as_at`` day, so that the same snapshot gives the same bytes."""
    return datetime.datetime.combine(datetime.date.fromisoformat(data["as_at"]), datetime.time(), datetime.UTC)


def time_of(data: Mapping[str, Any]) -> str:
    """The year, quarter or month that a report is about, as people write it."""
    return str(data["texts"].get("period") or data["year"])


def title_of(data: Mapping[str, Any]) -> str:
    """What a report is called: its kind, and before it the programme that it is about."""
    about = data.get("subject_title", "")
    title = str(data["title"])
    return f"{about}: {title[:1].lower()}{title[1:]}" if about else title


def mark(data: Mapping[str, Any], imprint: Imprint) -> str:
    """What stands on every page of an edition that is not what a reader might take it for."""
    said = ["Illustrative data"] if data["layer"] == Layer.ILLUSTRATIVE else []
    if _is_draft(imprint):
        said.append("Draft")
    return " · ".join(said)


def _is_draft(imprint: Imprint) -> bool:
    return imprint.status in (Edition.Status.DRAFT, Edition.Status.IN_REVIEW)


def _edition(page: Page, snapshot_hash: str, imprint: Imprint) -> Context:
    data = page.data
    status = Edition.Status(imprint.status).label
    return {
        "unit_name": data["unit"]["name"],
        "unit_short": data["unit"]["short_name"],
        "place": data["unit"]["place"] if data["unit"]["place"] not in data["unit"]["name"] else "",
        "year": time_of(data),
        "title": title_of(data),
        "kind_title": data["title"],
        "subject_title": data.get("subject_title", ""),
        "is_short": bool(data["period"] or data["subject"]),
        "funder": data["funder"],
        "as_at": written(datetime.date.fromisoformat(data["as_at"])),
        "layer": data["layer"],
        "status_label": _status_label(status, imprint),
        "mark": mark(data, imprint) or None,
        "signed": _signed(imprint),
        "generated_note": _made_of(page),
        "snapshot_hash": snapshot_hash,
    }


def _status_label(status: str, imprint: Imprint) -> str:
    if not imprint.number:
        return "Working draft, not numbered"
    return f"{status}, edition {imprint.number}{', restated' if imprint.is_restated else ''}"


def _signed(imprint: Imprint) -> Context | None:
    signature = imprint.signature
    if signature is None:
        return None
    day = written(datetime.datetime.fromisoformat(signature.signed_at).date())
    restated = imprint.since if imprint.is_restated else ""
    return {"name": signature.name, "role": signature.role, "date": day, "restated": restated}


def _made_of(page: Page) -> str:
    layer = page.data["layer"]
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


def _section(page: Page, section: Mapping[str, Any], blocks: list[Mapping[str, Any]]) -> Context:
    return {
        "number": section["number"],
        "slug": section["slug"],
        "title": section["title"],
        "level": 2 if _SUBSECTION.fullmatch(section["number"]) else 1,
        "key_points": [page.inline(point) for point in section["key_points"]],
        "blocks": [made for block in without_repeats(blocks) for made in write_block(page, block)],
    }


def _methods(page: Page, imprint: Imprint) -> Context:
    issues, has_others = _issues(page)
    made: Context = {
        "definitions": [
            {
                "label": _told_apart(each, page.data["definitions"]),
                "key_family": each["family"],
                "unit": each["unit"],
                **{part: _said(each[part]) for part in ("numerator", "denominator", "exclusions", "source")},
            }
            for each in page.data["definitions"]
        ],
        "completeness": [],
        "documents": False,
        "disclosure": [mark_safe(f"<p>{escape(each)}</p>") for each in page.data["disclosure"]],  # noqa: S308
        "issues": None,
        "issues_elsewhere": has_others,
        "beside": [made for table in beside_tables(imprint) for made in write_table(page, table)],
        "unchanged_since": imprint.since if not imprint.changes else "",
        "numbers": None,
    }
    documents = _documents(page)
    if documents["rows"]:
        made["documents"] = True
        made["completeness"] += write_table(page, documents)
    if page.data["completeness"]["rows"]:
        caption = "Returns expected and approved, by quarter"
        made["completeness"] += write_table(
            page, page.data["completeness"] | {"id": "completeness", "number": "M2", "caption": caption}
        )
    if issues["rows"]:
        caption = "Differences between figures, found by rule"
        listed = write_table(page, {**issues, "id": "issues", "number": "M3", "caption": caption})
        made["issues"] = listed[0]
    sourced = _sourced_numbers(page)
    if sourced["rows"]:
        made["numbers"] = write_table(page, sourced)[0]
    return made


def _issues(page: Page) -> tuple[Mapping[str, Any], bool]:
    """(The list of differences, whether there are others). A report about one programme lists those that name it."""
    listed, about = page.data["issues"], page.data.get("subject_title", "")
    if not about:
        return listed, False
    rows = [
        row
        for row in listed["rows"]
        if any(
            about.casefold() in text.casefold() for text in (row["header"], *(cell["text"] for cell in row["cells"]))
        )
    ]
    return {**listed, "rows": rows}, len(rows) < len(listed["rows"])


def _sourced_numbers(page: Page) -> dict[str, Any]:
    """Numbers of the text that follow no figure, each with its document and place."""
    rows = [
        {
            "header": each["printed"],
            "cells": [{"text": each["section"]}, {"text": each["document"]}, {"text": each["place"]}],
            "emphasis": False,
        }
        for each in page.data.get("numbers", ())
    ]
    columns = [{"label": label, "kind": "text", "unit": ""} for label in ("Number", "Section", "Document", "Place")]
    return {
        "id": "numbers",
        "number": "M4",
        "caption": "Numbers in the text that were taken from a document",
        "columns": columns,
        "rows": rows,
        "notes": [],
        "sources": [],
    }


def _documents(page: Page) -> dict[str, Any]:
    """The documents that figures, tables and the list of differences of this edition name by their short keys."""
    blocks = [block for section in page.data["sections"] for block in section["blocks"]]
    cited = [source for each in (*page.figures.values(), *blocks) for source in each.get("sources", ())]
    disagreeing = [text for row in _issues(page)[0]["rows"] for text in (row["header"], row["cells"][-1]["text"])]
    named = {source.partition(", ")[0] for source in cited} | {
        each["key"]
        for each in page.data["documents"]
        if any(re.search(rf"\b{re.escape(each['key'])}\b", text) for text in disagreeing)
    }
    named |= {each["document"] for each in page.data.get("numbers", ())}
    rows = [
        {
            "header": each["key"],
            "cells": [{"text": each["title"]}, {"text": each["publisher"]}, {"text": each["published"]}],
            "emphasis": False,
        }
        for each in page.data["documents"]
        if each["key"] in named
    ]
    columns = [{"label": label, "kind": "text", "unit": ""} for label in ("Key", "Document", "Publisher", "Date")]
    return {
        "id": "documents",
        "number": "M1",
        "caption": "Documents that this edition cites",
        "columns": columns,
        "rows": rows,
        "notes": [],
        "sources": [],
    }


def _figures_index(page: Page) -> list[Context]:
    return [
        {
            "display": page.shown(figure["display"], key),
            "label": capital(figure["label"]),
            "key": key,
            # Document and section; the annex has the whole place.
            "basis": f"{', '.join(page.basis(figure).split(', ')[:2])}.",
            "where": places(figure["where"]),
        }
        for key, figure in sorted(page.figures.items(), key=lambda item: item[1]["order"])
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


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    return embed_stylesheet(Path(settings.BASE_DIR) / "static" / "report" / "report.css")
