"""A section as one text: Markdown in which tables, charts and other blocks stand as fences.

    :::table series_table
    caption: Homicides, 2012 to 2020
    series: homicide-total, homicide-knives
    :::

After the fence stand the kind and, where there are several of a kind, its name; then one field a line. What follows an
empty line is the block's own text. Everything between fences is prose. Nothing typed is ever lost or refused here: a
fence that cannot be read becomes a block of the kind ``problem`` that says so in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Block = dict[str, Any]
FENCE = ":::"
# The field that the name after the kind fills.
NAMED = {"table": "table", "chart": "chart", "recommendations": "group", "form": "form", "case_study": "ref"}
KINDS = (
    *NAMED,
    *("callout", "commitments", "figures", "logic_model", "not_supplied", "programmes", "studies", "workplan"),
)
WITH_TEXT = {"callout", "not_supplied"}
FIELDS = ("title", "caption", "note", "group_by")
# What a table or chart is asked for; these are lists even when one is named.
LISTS = {"keys", "series", "measures", "refs"}
PARAMETERISED = {"table", "chart", "form"}
MOST_BLOCKS = 300
_OPENING = re.compile(r":::[ \t]*([a-z_]+)(?:[ \t]+([\w./-]+))?[ \t]*")
_FIELD = re.compile(r"([a-z_]+):[ \t]*(.*)")


def parse_blocks(text: str) -> list[Block]:
    """The blocks of a section's text, prose included, in order."""
    found: list[Block] = []
    for block in _blocks(text.replace("\r\n", "\n").split("\n")):
        if len(found) == MOST_BLOCKS:
            return [*found, problem(f"A section takes at most {MOST_BLOCKS} blocks. Move some into another section.")]
        found.append(block)
    return found


def write_blocks(blocks: Iterable[Mapping[str, Any]]) -> str:
    """The text that ``parse_blocks`` reads back as the same blocks."""
    parts = []
    for block in blocks:
        if block["kind"] == "prose":
            parts.append(str(block["text"]).strip())
        else:
            parts.append(_written(block))
    return "\n\n".join(parts) + ("\n" if parts else "")


def problem(sentence: str, source: str = "") -> Block:
    """What stands where a block could not be made."""
    return {"kind": "problem", "text": sentence, "source": source}


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    prose: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if not line.startswith(FENCE) or line.strip() == FENCE:
            prose.append(line if line.strip() != FENCE else "")
            index += 1
            continue
        yield from _prose(prose)
        prose = []
        # No further than the next fence of any kind: many that are never closed are read once, not each to the end.
        fences = (n for n in range(index + 1, len(lines)) if lines[n].startswith(FENCE) or lines[n].strip() == FENCE)
        end = next(fences, None)
        if end is None or lines[end].strip() != FENCE:
            yield problem(f"Line {index + 1}: the block that begins here has no closing line {FENCE} of its own.", line)
            index += 1
            continue
        yield _block(line, lines[index + 1 : end], index + 1)
        index = end + 1
    yield from _prose(prose)


def _prose(lines: list[str]) -> Iterator[Block]:
    text = "\n".join(lines).strip()
    if text:
        yield {"kind": "prose", "text": text}


def _block(opening: str, inside: Sequence[str], number: int) -> Block:
    source = "\n".join([opening, *inside, FENCE])
    match = _OPENING.fullmatch(opening)
    kind, name = (match[1], match[2]) if match else ("", None)
    if kind not in KINDS:
        return problem(
            f'Line {number}: "{opening[:60]}" names no kind of block. Known are: {", ".join(KINDS)}.', source
        )
    block: Block = {"kind": kind}
    if kind in NAMED:
        if not name:
            return problem(f"Line {number}: say which {kind.replace('_', ' ')}, after the kind.", source)
        block[NAMED[kind]] = name
    gap = next((n for n, line in enumerate(inside) if not line and kind in WITH_TEXT), len(inside))
    for place, line in enumerate(inside[:gap], start=number + 1):
        if not line.strip():
            continue
        field = _FIELD.fullmatch(line.strip())
        if field is None:
            return problem(f'Line {place}: "{line[:60]}" is not a field. Write name: value.', source)
        sentence = _put(block, kind, field[1], field[2].strip())
        if sentence:
            return problem(f"Line {place}: {sentence}", source)
    text = "\n".join(inside[gap:]).strip()
    if kind in WITH_TEXT:
        if not text:
            return problem(f"Line {number}: this block says nothing. Write its text after an empty line.", source)
        block["text"] = text
    return block


def _put(block: Block, kind: str, name: str, value: str) -> str:
    """Puts one field into a block; the sentence that says why it cannot, or an empty one."""
    if not value:
        return ""
    if name == "keys" and kind == "figures":
        block["keys"] = _listed(value)
    elif name in FIELDS:
        block[name] = value
    elif kind in PARAMETERISED:
        block.setdefault("params", {})[name] = _parameter(name, value)
    else:
        return f'a block of the kind {kind} has no field "{name}". It takes: {", ".join(FIELDS)}.'
    return ""


def _parameter(name: str, value: str) -> Any:
    if name in LISTS:
        return _listed(value)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _written(block: Mapping[str, Any]) -> str:
    kind = str(block["kind"])
    if kind == "problem":
        return str(block["source"])
    lines = [f"{FENCE}{kind} {block[NAMED[kind]]}" if kind in NAMED else f"{FENCE}{kind}"]
    if "keys" in block:
        lines.append(f"keys: {', '.join(block['keys'])}")
    lines += [f"{name}: {' '.join(str(block[name]).split())}" for name in FIELDS if block.get(name)]
    for name, value in (block.get("params") or {}).items():
        lines.append(f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
    if kind in WITH_TEXT:
        lines += ["", str(block["text"]).strip()]
    return "\n".join([*lines, FENCE])
