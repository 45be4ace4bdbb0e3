"""What the renderer leaves out of PDF/UA-1, mended in the finished file.

The renderer tags page furniture as content, gives headers no scope, leaves annotations unprintable, and
starts a new table on each page a table reaches. A screen reader would read the running head in the middle of a
sentence and announce one table of 120 rows as five.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from vru.lib.pdf.outcome import RepairError
from vru.lib.pdf.structure import Structure, read_structure
from vru.lib.pdf.tables import join_continued_tables, mark_headers

_MARKED = re.compile(rb"/[A-Za-z0-9]+\s*<<\s*/MCID (\d+)\s*>>\s*BDC")
_PRINT = 4
_POINTS_PER_PIXEL = 0.75


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the repair needs to know beside the file: the language, and {link target: spoken text}."""

    language: str
    links: Mapping[str, str]


def repair(raw: io.BytesIO, facts: DocumentFacts) -> bytes:
    """The bytes of the mended file. Raises RepairError when a figure has no text alternative."""
    with pikepdf.open(raw) as pdf:
        structure = read_structure(pdf)
        _require_alternatives(structure)
        _place_figures(pdf, structure)
        join_continued_tables(structure)
        for table in structure.tables:
            mark_headers(table)
        _prune_empty(structure)
        _furniture_to_artifacts(pdf, structure)
        _finish_links(pdf, facts.links)
        pdf.Root.Lang = String(facts.language)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.PageMode = Name.UseOutlines if "/Outlines" in pdf.Root else Name.UseNone
        saved = io.BytesIO()
        pdf.save(
            saved,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            fix_metadata_version=False,
        )
    return saved.getvalue()


def _require_alternatives(structure: Structure) -> None:
    for figure in structure.figures:
        if not str(figure.element.get(Name.Alt, "")).strip():
            raise RepairError(
                f"A picture on page {figure.page + 1} has no text alternative. Give the SVG a <title>, "
                "or the image an alt text, that says what it shows."
            )


def _place_figures(pdf: Pdf, structure: Structure) -> None:
    """Boxes of figures in points from the bottom left; the renderer gives CSS pixels from the top left."""
    for figure in structure.figures:
        attributes = figure.element.get(Name.A)
        if attributes is None or "/BBox" not in attributes:
            continue
        top = float(pdf.pages[figure.page].mediabox[3])
        left, upper, right, lower = (float(edge) * _POINTS_PER_PIXEL for edge in attributes.BBox)
        attributes.BBox = Array([round(edge, 3) for edge in (left, top - lower, right, top - upper)])


def _prune_empty(structure: Structure) -> None:
    """Drop elements that hold nothing: readers stop at them and say nothing."""
    for node in reversed(structure.prunable):
        kids = node.parent.get(Name.K)
        if isinstance(kids, Array):
            mine = node.element.objgen
            keep = [kid for kid in kids if not (_is_reference(kid) and kid.objgen == mine)]
            node.parent.K = Array(keep)


def _is_reference(kid: object) -> bool:
    return isinstance(kid, Object) and kid.is_indirect


def _furniture_to_artifacts(pdf: Pdf, structure: Structure) -> None:
    """Marked content that no element of the tree holds (running heads, folios) becomes an artifact."""
    for index, page in enumerate(pdf.pages):
        owners = structure.owners.get(index)
        if owners is None:
            continue
        orphans = {
            mcid for mcid, owner in enumerate(owners) if owner is None or owner.objgen not in structure.reachable
        }
        if not orphans:
            continue

        def retag(match: re.Match[bytes], orphans: set[int] = orphans) -> bytes:
            return b"/Artifact BMC" if int(match[1]) in orphans else match[0]

        page.Contents.write(_MARKED.sub(retag, page.Contents.read_bytes()))
        for mcid in orphans:
            owners[mcid] = None


def _finish_links(pdf: Pdf, links: Mapping[str, str]) -> None:
    """Links print, and say in words where they lead."""
    for page in pdf.pages:
        for annotation in page.get(Name.Annots, Array()):
            annotation.F = _PRINT
            target = str(annotation.get(Name.Contents, ""))
            annotation.Contents = String(links.get(target) or target or "Link")
