"""HTML to PDF/UA-1: rendered by WeasyPrint, repaired by pikepdf, the same bytes for the same input."""

from vru.lib.pdf.apart import PdfFailed, PdfProcess
from vru.lib.pdf.assets import embed_stylesheet
from vru.lib.pdf.fetcher import PackagedFiles, ResourceRefused
from vru.lib.pdf.render import RenderReport, render_pdf
from vru.lib.pdf.repair import RepairError

__all__ = [
    "PackagedFiles",
    "PdfFailed",
    "PdfProcess",
    "RenderReport",
    "RepairError",
    "ResourceRefused",
    "embed_stylesheet",
    "render_pdf",
]
