"""Narrative: CommonMark with figure tokens in, safe HTML out.

A token is `{{name parameter=value}}`, with a display option after a bar: `{{funding.total | exact}}`. Tokens are
put aside before Markdown is read, because a bar inside one would end a cell of a Markdown table, and put back as
text after the HTML has been cleaned, so that no value can ever become markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote

import nh3
from markdown_it import MarkdownIt

_TOKEN = re.compile(r"\{\{([^{}]*)\}\}")
# Private-use letters stand for a token while Markdown is read; nobody can type them, because they are removed first.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PLACE = re.compile(rf"{_OPEN}(\d{{1,9}}){_CLOSE}")
_QUOTED_PLACE = re.compile(rf"{re.escape(quote(_OPEN))}(\d{{1,9}}){re.escape(quote(_CLOSE))}")
_TAGS = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "hr", "del", "sup", "sub"),
    *("h2", "h3", "h4", "h5", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope", "class"}, "td": {"class"}}
_ALIGNED = re.compile(r'<(t[hd]) style="text-align:(left|center|right)">')
_HEADING = re.compile(r"<(/?)h([1-6])>")
# One whole tag of cleaned HTML, in which every attribute stands in double quotes.
_TAG = re.compile(r'(<[a-z/](?:[^>"]|"[^"]*")*>)')


@dataclass(frozen=True, slots=True)
class Token:
    """What stands between the braces: `body` before the bar, `option` after it ("" without one)."""

    body: str
    option: str

    def __str__(self) -> str:
        return f"{self.body} | {self.option}" if self.option else self.body


Resolve = Callable[[Token], str]
# Where a token's value leads to, for those that lead anywhere.
Address = Callable[[Token], str | None]


def find_tokens(text: str) -> list[Token]:
    """Every token of a text, in order, repeats included."""
    return [_token(match[1]) for match in _TOKEN.finditer(text)]


def fill(text: str, resolve: Resolve) -> str:
    """Plain text with every token replaced. For titles, captions and text alternatives."""
    return _TOKEN.sub(lambda match: resolve(_token(match[1])), text)


def to_html(text: str, resolve: Resolve, *, top_heading: int = 3, address: Address | None = None) -> str:
    """Safe HTML of a narrative; `#` becomes a heading of level `top_heading`. Raw HTML is shown, never obeyed.

    With ``address``, the value of a token that leads somewhere is a link of the class "figure", unless it stands inside
    a link already.
    """
    values: list[str] = []
    leads: dict[int, str] = {}

    def set_aside(match: re.Match[str]) -> str:
        token = _token(match[1])
        found = address(token) if address is not None else None
        if found is not None:
            leads[len(values)] = found
        values.append(resolve(token))
        return f"{_OPEN}{len(values) - 1}{_CLOSE}"

    source = _TOKEN.sub(set_aside, text.replace(_OPEN, "").replace(_CLOSE, ""))
    drawn = _parser().render(source)
    drawn = _HEADING.sub(lambda match: f"<{match[1]}h{min(5, int(match[2]) - 1 + top_heading)}>", drawn)
    drawn = _ALIGNED.sub(lambda match: f'<{match[1]} class="{_alignment(match[2])}">', drawn)
    drawn = drawn.replace("<th>", '<th scope="col">').replace("<th class=", '<th scope="col" class=')
    clean = nh3.clean(drawn, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=None)
    # A place typed as a character reference ("&#xE000;7&#xE001;") stands for nothing.
    placed = dict(enumerate(values))
    clean = _QUOTED_PLACE.sub(lambda match: quote(placed.get(int(match[1]), "")), clean)
    return _put_back(clean, placed, leads).strip()


def _put_back(html: str, values: dict[int, str], leads: dict[int, str]) -> str:
    """Every place filled with its value: as a link in running text, as plain text in tags and inside other links."""
    made: list[str] = []
    inside_link = False
    for part in _TAG.split(html) if leads else [html]:
        is_tag = bool(leads) and _TAG.fullmatch(part) is not None
        if is_tag and part.startswith(("<a ", "<a>", "</a>")):
            inside_link = not part.startswith("</")
        may_lead = not is_tag and not inside_link
        made.append(_PLACE.sub(lambda match, may=may_lead: _value(int(match[1]), values, leads if may else {}), part))
    return "".join(made)


def _value(place: int, values: dict[int, str], leads: dict[int, str]) -> str:
    text = escape(values.get(place, ""))
    return f'<a class="figure" href="{escape(leads[place])}">{text}</a>' if place in leads else text


def to_text(text: str, resolve: Resolve) -> str:
    """The narrative as plain words, without marks: for text alternatives and search."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", to_html(text, resolve)).split()))


def _token(inside: str) -> Token:
    body, _bar, option = inside.partition("|")
    return Token(" ".join(body.split()), " ".join(option.split()))


def _alignment(side: str) -> str:
    return {"right": "number", "center": "centre"}.get(side, "text")


def _parser() -> MarkdownIt:
    return (
        MarkdownIt("commonmark", {"html": False, "typographer": False})
        .enable(["table", "strikethrough"])
        .disable("image")
    )
