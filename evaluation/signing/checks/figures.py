"""Figures and blocks in the text: each there, each made, each resting on enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from evaluation.signing.evidence import Evidence
from evaluation.signing.finding import Finding, Weight, subject_of
from evaluation.signing.registry import check

# One sentence answers for figures that rest on the same returns; the page names the first of them.
SHOWN = 6


@check(
    "tokens",
    title="Every figure asked for in the text is there",
    passed="Every figure that the text asks for is in the snapshot.",
)
def tokens(evidence: Evidence) -> Iterator[Finding]:
    """A figure that the text or a table asks for and that the records do not hold is printed as missing. One that
    cannot exist at all says why.
    """
    data = evidence.facts.data if evidence.facts else {}
    refused = data.get("refused", {})
    href = reverse("evaluation:figures") + evidence.year_query
    for key, places in data.get("missing", {}).items():
        why = refused.get(key, "The records hold no value for it.")
        text = f"{key}, asked for in {', '.join(places)}: {why}"
        yield Finding(Weight.BLOCKS, subject_of(key), key, text, href, "Find a figure that exists")


@check("blocks", title="Every block could be made", passed="Every table, chart and list of the text was made.")
def blocks(evidence: Evidence) -> Iterator[Finding]:
    """A table, chart, map or quoted story that could not be made says so in its place in the report."""
    data = evidence.facts.data if evidence.facts else {}
    for text in data.get("problems", ()):
        yield Finding(Weight.BLOCKS, subject_of("block", [text]), "A block of the text", text)


@check(
    "thin-figures",
    title="Figures rest on enough returns",
    passed="No printed figure rests on too few of the returns that were due.",
)
def thin(evidence: Evidence) -> Iterator[Finding]:
    """Figures for which fewer returns are approved than the site's setting asks for. They may be printed with a
    sentence.
    """
    data = evidence.facts.data if evidence.facts else {}
    groups: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for each in data.get("thin", ()):
        groups.setdefault((each["received"], each["expected"]), []).append(each)
    for (received, expected), figures in sorted(groups.items()):
        count = f"{received:,} of {expected:,} returns"
        which = "1 figure rests" if len(figures) == 1 else f"{len(figures):,} figures rest"
        names = "; ".join(each["label"] for each in figures[:SHOWN])
        more = f"; and {len(figures) - SHOWN:,} more" if len(figures) > SHOWN else ""
        yield Finding(
            Weight.EXPLAIN,
            subject_of(f"{received}-of-{expected}", [each["key"] for each in figures]),
            f"{which} on {count}",
            f"{which} on {count}: {names}{more}.",
        )
