"""What a report says, section by section: from the sections people wrote, or from the outline while nobody has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from evaluation.models import OutlineSection, Report, ReportOutline, ReportSection
from evaluation.reports.forms.period import ReportPeriod
from evaluation.reports.markup import parse_blocks, write_blocks
from programmes.models import Programme
from vru.lib.periods import FinancialYear, Quarter

# What an outline may say instead of the report's own subject or quarter.
SUBJECT, QUARTER, TITLE, SUMMARY = "@subject", "@quarter", "@title", "@summary"


@dataclass(frozen=True)
class SectionContent:
    """One section for one layer. In a strict one a token or block that cannot be made stops the build: an outline is
    loaded, so its mistakes are its author's; in the others it says so in its place.
    """

    number: str
    slug: str
    title: str
    key_points: tuple[str, ...] = ()
    blocks: tuple[Mapping[str, Any], ...] = ()
    is_strict: bool = True

    @property
    def name(self) -> str:
        """As in messages and lists of places: "1E Sustainability"."""
        return f"{self.number} {self.title}".strip()

    @property
    def texts(self) -> list[str]:
        """Every text that may hold tokens, and its pull figures as tokens."""
        texts = list(self.key_points)
        for block in self.blocks:
            texts += [str(block[field]) for field in ("title", "text", "caption", "note") if block.get(field)]
            texts += [f"{{{{{key}}}}}" for key in block.get("keys", ())]
        return texts


def content_of(
    report: Report | None, outline: ReportOutline, layer: str, words: Mapping[str, str] | None = None
) -> list[SectionContent]:
    """The sections of a report in order; of the outline where there is no report, or nothing in it: with ``words``
    (`words_of`) in place of what it leaves open.
    """
    written = list(report.sections.order_by("order")) if report is not None else []
    if written:
        return [written_content(section) for section in written]
    filled = _words(report) if report is not None else words or {}
    return [outline_content(section, layer, filled) for section in outline.sections.order_by("order")]


def written_content(
    section: ReportSection, *, text: str | None = None, key_points: Sequence[str] | None = None
) -> SectionContent:
    """A section as it stands, or as it would with another text (for the preview)."""
    return SectionContent(
        number=section.number,
        slug=section.slug,
        title=section.title,
        key_points=tuple(section.key_points if key_points is None else key_points),
        blocks=tuple(parse_blocks(section.text if text is None else text)),
        is_strict=False,
    )


def outline_content(section: OutlineSection, layer: str, words: Mapping[str, str]) -> SectionContent:
    """An outline's section for a layer, with the report's subject and quarter in place of ``words``' keys."""
    return SectionContent(
        number=section.number,
        slug=section.slug,
        title=section.title,
        key_points=tuple(_filled(point["text"], words) for point in for_layer(section.key_points, layer)),
        blocks=tuple(_filled(_without_layers(block), words) for block in for_layer(section.blocks, layer)),
    )


def section_texts(section: OutlineSection, report: Report) -> tuple[list[str], str]:
    """(key points, text) with which a report begins a section."""
    content = outline_content(section, report.layer, _words(report))
    return list(content.key_points), write_blocks(content.blocks)


def narrative_hash(sections: Iterable[ReportSection]) -> str:
    """Of what the sections say, 64 hexadecimal digits: another one means that something was written since."""
    said = [[each.number, each.slug, each.title, each.key_points, each.text] for each in sections]
    return sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def for_layer(blocks: Iterable[Any], layer: str) -> list[dict[str, Any]]:
    """What of an outline's list is meant for a layer. A bare text is for all."""
    listed = [{"text": each} if isinstance(each, str) else dict(each) for each in blocks]
    return [each for each in listed if not each.get("layers") or layer in each["layers"]]


def _without_layers(block: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name != "layers"}


def words_of(year: FinancialYear, period: str, subject: str, layer: str = "") -> dict[str, str]:
    """What an outline's placeholders stand for; a programme's own words only with its ``layer``.

    The quarter of a month is the last one that had ended by its end.
    """
    time = ReportPeriod(year, period)
    # In the first months no quarter has ended: the one that runs has no figures yet, and the text says so in place.
    quarter = time.quarter or (Quarter.of(time.starts_on) if time.month else None)
    about = Programme.objects.filter(ref=subject, layer=layer).first() if subject and layer else None
    own = {TITLE: about.title, SUMMARY: about.summary} if about else {}
    return {SUBJECT: subject, QUARTER: quarter.key if quarter else "", **own}


def _words(report: Report) -> dict[str, str]:
    return words_of(report.financial_year, report.period, report.subject, report.layer)


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, word in words.items():
            value = value.replace(name, word) if word else value
        return value
    if isinstance(value, Mapping):
        return {name: _filled(each, words) for name, each in value.items()}
    return [_filled(each, words) for each in value] if isinstance(value, list) else value
