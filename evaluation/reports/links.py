"""Figures of the web edition as links to their trace, and the same page without them, for print.

The addresses are relative: the web page of an edition lies at ``files/html/`` below the edition's own address, for
staff and for the public alike, and the traces at ``figures/``. So one file serves both, and each reader gets the trace
they may see.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

EDITION = "../../"
TRACES = f"{EDITION}figures/"
# What stands in the web edition only.
WEB_BEGIN, WEB_END = "<!--web-->", "<!--/web-->"
_CLASS = "figure"
_LINK = re.compile(rf'<a class="{_CLASS}" href="[^"]*">(.*?)</a>', re.DOTALL)
_WEB_ONLY = re.compile(rf"{WEB_BEGIN}.*?{WEB_END}", re.DOTALL)


def trace_address(key: str) -> str:
    """Where the trace of a figure is, from the web page of its edition."""
    return f"{TRACES}?key={quote(key, safe='=.')}"


def anchor(text: str, address: str) -> SafeString:
    """A link from a figure's text, which is escaped here."""
    return mark_safe(f'<a class="{_CLASS}" href="{escape(address)}">{escape(str(text))}</a>')  # noqa: S308 - escaped


class Linked(str):
    """A figure as text that a template writes as a link to its trace; everything else sees the text alone."""

    __slots__ = ("address",)
    address: str

    def __new__(cls, text: str, key: str) -> Linked:
        made = super().__new__(cls, text)
        made.address = trace_address(key)
        return made

    def __html__(self) -> SafeString:
        return anchor(self, self.address)


def for_print(html: str) -> str:
    """The web edition without the links to traces and without what only the web edition says."""
    return _LINK.sub(r"\1", _WEB_ONLY.sub("", html))
