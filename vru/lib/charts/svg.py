"""SVG that can stand on a page with others: own ids, a title, and no leftovers of the program that drew it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from vru.lib.charts.theme import FONT_STACK

SVG = "http://www.w3.org/2000/svg"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DROPPED = ("role", "aria-roledescription", "aria-label", "aria-hidden", "class")


def finish(drawn: str, *, prefix: str, title: str) -> str:
    """Rename ids to `prefix`-1, -2 … in document order, put `title` in, and return the element's text."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(drawn)  # noqa: S314 - drawn by our own renderer, never by a user
    names: dict[str, str] = {}
    for element in root.iter():
        if "id" in element.attrib:
            names.setdefault(element.attrib["id"], f"{prefix}-{len(names) + 1}")
    for element in root.iter():
        _tidy(element, names)
    _head(root, prefix, title)
    return ElementTree.tostring(root, encoding="unicode")


def _tidy(element: ElementTree.Element, names: dict[str, str]) -> None:
    for name in _DROPPED:
        element.attrib.pop(name, None)
    for name, value in list(element.attrib.items()):
        if name == "id":
            element.attrib[name] = names[value]
        elif name == "font-family":
            element.attrib[name] = FONT_STACK
        elif value.startswith("#") and name.endswith("href"):
            element.attrib[name] = "#" + names.get(value[1:], value[1:])
        elif "url(#" in value:
            element.attrib[name] = _REFERENCE.sub(lambda match: f"url(#{names.get(match[1], match[1])})", value)


def _head(root: ElementTree.Element, prefix: str, title: str) -> None:
    root.attrib |= {"role": "img", "aria-labelledby": f"{prefix}-title", "class": "chart"}
    element = ElementTree.Element(f"{{{SVG}}}title", {"id": f"{prefix}-title"})
    element.text = title
    root.insert(0, element)
