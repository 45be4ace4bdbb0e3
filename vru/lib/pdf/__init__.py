"""HTML to PDF/UA-1: rendered by WeasyPrint, repaired by pikepdf, the same bytes for the same input.

What is named here loads no renderer, so that a web process may name it: `PdfProcess` makes a PDF in its own process.
Whoever renders in the process at hand takes `render_pdf` from `vru.lib.pdf.render`.
"""

from vru.lib.pdf.apart import PdfFailed, PdfProcess
from vru.lib.pdf.assets import embed_stylesheet
from vru.lib.pdf.outcome import RenderReport, RepairError, ResourceRefused

__all__ = [
    "PdfFailed",
    "PdfProcess",
    "RenderReport",
    "RepairError",
    "ResourceRefused",
    "embed_stylesheet",
]
