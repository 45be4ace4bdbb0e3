"""The PDF copy of a version sent: the page and the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from grants.answers.sent import Line, by_section, files_of, lines_of, reference_of
from grants.answers.warnings import warned_of
from grants.models import Revision
from programmes.models import Unit
from vru.lib.layers import Layer
from vru.lib.pdf import RenderReport
from vru.lib.pdf.render import render_pdf

_FOLDER = Path(settings.BASE_DIR) / "static" / "report"
_FACES = {
    f"packaged:{face}": _FOLDER.parent / "fonts" / face
    for face in (
        "public-sans-latin-400-normal.woff2",
        "public-sans-latin-600-normal.woff2",
        "public-sans-latin-700-normal.woff2",
    )
}
# Large, and seldom needed: opened only for a text that the ordinary letters cannot write.
_WIDE = {
    f"packaged:{face}": _FOLDER / "fonts" / face
    for face in ("dejavu-sans-400-normal.woff2", "dejavu-sans-700-normal.woff2")
}
_EMOJI = {"packaged:noto-emoji-400-normal.woff2": _FOLDER / "fonts" / "noto-emoji-400-normal.woff2"}
_ORDINARY = frozenset(map(chr, range(0x100))) | frozenset("–—‘’“”„•…€™−\u2009\u200b")
_LONGEST_PARAGRAPH = 3_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def render_copy(revision: Revision, output: Path) -> RenderReport:
    """Write the copy to ``output`` as PDF/UA. The same version gives the same bytes. Raises as ``render_pdf``."""
    context = copy_context(revision)
    faces = faces_for(render_to_string("grants/copy/return_copy.html", context))
    html = render_to_string("grants/copy/return_copy.html", {**context, "wide": faces.wide, "emoji": faces.emoji})
    return render_pdf(
        html,
        title=context["title"],
        author=context["unit_name"],
        subject=f"Copy of {context['reference']}",
        timestamp=revision.signed_at or revision.submitted_at,
        output=output,
        files=faces.files,
    )


@dataclass(frozen=True, slots=True)
class Faces:
    """The letters a text is set in: the ordinary ones, and those for other scripts and for emoji where it has any."""

    wide: bool
    emoji: bool

    @property
    def files(self) -> dict[str, Path]:
        return {**_FACES, **(_WIDE if self.wide else {}), **(_EMOJI if self.emoji else {})}


def faces_for(text: str) -> Faces:
    wide = set(text) - _ORDINARY
    return Faces(bool(wide), any(_is_emoji(letter) for letter in wide))


def copy_stylesheet() -> str:
    """One look for every document that is kept."""
    return (_FOLDER / "return-copy.css").read_text(encoding="utf-8")


def copy_context(revision: Revision) -> dict[str, Any]:
    item = revision.monitoring_return
    grant, unit = item.commitment, Unit.objects.first()
    return {
        "title": f"Return for {item.quarter}: {grant.title}",
        "unit_name": unit.name if unit else "Violence reduction unit",
        "reference": reference_of(revision),
        "revision": revision,
        "return": item,
        "grant": grant,
        "mark": "Illustrative data" if grant.programme.layer == Layer.ILLUSTRATIVE else "",
        "stylesheet": copy_stylesheet(),
        "warnings": warned_of(revision),
        "files": files_of(revision),
        "sections": [
            {"section": section, "groups": _groups(lines)} for section, lines in by_section(lines_of(revision))
        ],
    }


def _groups(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Answers under one heading as one table; each long text by itself."""
    groups: list[dict[str, Any]] = []
    for (title, is_long), found in groupby(lines, key=lambda line: (line.group, line.is_long)):
        rows = list(found)
        if is_long:
            groups += [{"title": line.label, "paragraphs": paragraphs(line.value)} for line in rows]
        else:
            groups.append({"title": title, "rows": rows})
    return groups


def paragraphs(text: str) -> list[str]:
    """A text as typed, cut at its line ends; a paragraph beyond all measure is cut at a space, so that pages fill."""
    found = []
    for line in text.splitlines():
        rest = _CONTROL.sub(" ", line).strip()
        while len(rest) > _LONGEST_PARAGRAPH:
            cut = rest.rfind(" ", 0, _LONGEST_PARAGRAPH) + 1 or _LONGEST_PARAGRAPH
            found.append(rest[:cut].strip())
            rest = rest[cut:].strip()
        if rest:
            found.append(rest)
    return found


def _is_emoji(letter: str) -> bool:
    return ord(letter) >= 0x1F000 or 0x2300 <= ord(letter) <= 0x2BFF
