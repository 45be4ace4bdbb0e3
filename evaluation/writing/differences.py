"""What changed between two texts, word by word, and how two changes of one text fit together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
# Unchanged lines shown on each side of a change; longer runs are folded.
AROUND = 2
# Lines that have less than this in common are another line, not a changed one.
ALIKE = 0.4
# Comparing words costs the square of their number; a longer line is compared by its sentences.
MOST_WORDS = 1500
# Pairs of equal parts looked at before two texts count as different throughout: the same word typed thousands of times.
MOST_PAIRS = 500_000
_WORDS = re.compile(r"\{\{[^{}]*\}\}|\w+|\s+|[^\w\s]")
_SENTENCES = re.compile(r"[^.!?]*[.!?]*\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a line. ``kind`` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: unchanged, changed within, added or removed as a whole.

    ``kind`` is same, changed, added, removed or folded; a folded one stands for ``skipped`` unchanged lines.
    """

    kind: str
    pieces: tuple[Piece, ...] = ()
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """Two changes of one text put together. ``overlaps`` counts the places where both changed the same lines."""

    text: str
    overlaps: int


def differences(before: str, after: str, *, fold: bool = True) -> list[Line]:
    """The lines of both texts in order; empty when they are the same."""
    if before == after:
        return []
    old, new = before.split("\n"), after.split("\n")
    lines: list[Line] = []
    for kind, i, j, k, m in _opcodes(old, new):
        if kind == "equal":
            lines += [_whole(SAME, text) for text in new[k:m]]
        else:
            lines += _changed(old[i:j], new[k:m])
    return list(_folded(lines)) if fold else lines


def changed_words(lines: Sequence[Line]) -> tuple[int, int]:
    """(words added, words removed)."""
    counts = {ADDED: 0, REMOVED: 0}
    for line in lines:
        for piece in line.pieces:
            if piece.kind in counts:
                counts[piece.kind] += len(piece.text.split())
    return counts[ADDED], counts[REMOVED]


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Both changes of ``base`` in one text. Where both changed the same lines, mine stand before theirs."""
    old = base.split("\n")
    ours, others = _edits(old, mine.split("\n")), _edits(old, theirs.split("\n"))
    made: list[str] = []
    place = overlaps = 0
    while ours or others:
        start = min(edits[0][0] for edits in (ours, others) if edits)
        made += old[place:start]
        end, first, second = _taken_together(start, ours, others)
        left, right = _applied(old, start, end, first), _applied(old, start, end, second)
        if not first or left == right:
            made += right
        elif not second:
            made += left
        else:
            overlaps += 1
            made += [*left, "", *right]  # an empty line, so that they stay two paragraphs
        place = end
    return Merged("\n".join([*made, *old[place:]]), overlaps)


Edit = tuple[int, int, list[str]]


def _edits(old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """(first line, line after the last, what stands there instead) of every change."""
    return [(i, j, list(new[k:m])) for kind, i, j, k, m in _opcodes(old, new) if kind != "equal"]


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """As those of `SequenceMatcher`; what both begin and end with is told first, and a middle that would take too long
    is one change.
    """
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
    if head:
        yield "equal", 0, head, 0, head
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if _is_long_work(before, after):
        yield "replace", head, head + len(before), head, head + len(after)
    else:
        for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            yield kind, i + head, j + head, k + head, m + head
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _is_long_work(before: Sequence[str], after: Sequence[str]) -> bool:
    counts = Counter(after)
    return sum(many * counts[part] for part, many in Counter(before).items()) > MOST_PAIRS


def _taken_together(start: int, ours: list[Edit], others: list[Edit]) -> tuple[int, list[Edit], list[Edit]]:
    """(where they end, mine, theirs): the edits from ``start`` on that touch each other, taken off their lists."""
    end = start
    taken: tuple[list[Edit], list[Edit]] = ([], [])
    is_growing = True
    while is_growing:
        is_growing = False
        for edits, kept in zip((ours, others), taken, strict=True):
            # Two insertions at one place touch; an edit that begins where another ended does not.
            while edits and (edits[0][0] < end or edits[0][0] == start):
                edit = edits.pop(0)
                kept.append(edit)
                end = max(end, edit[1])
                is_growing = True
    return end, taken[0], taken[1]


def _applied(old: Sequence[str], start: int, end: int, edits: Sequence[Edit]) -> list[str]:
    made: list[str] = []
    place = start
    for first, last, lines in edits:
        made += [*old[place:first], *lines]
        place = last
    return [*made, *old[place:end]]


def _changed(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """Lines that stand in each other's place: alike ones compared by words, the rest removed and added whole."""
    lines: list[Line] = []
    for index in range(max(len(old), len(new))):
        if index >= len(old):
            lines.append(_whole(ADDED, new[index]))
        elif index >= len(new):
            lines.append(_whole(REMOVED, old[index]))
        elif _is_alike(old[index], new[index]):
            lines.append(Line("changed", _by_words(old[index], new[index])))
        else:
            lines += [_whole(REMOVED, old[index]), _whole(ADDED, new[index])]
    return [line for line in lines if line.kind == "changed" or line.pieces[0].text.strip() or len(lines) == 1]


def _is_alike(before: str, after: str) -> bool:
    if not before.strip() or not after.strip():
        return False
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if _is_long_work(old, new):
        return matcher.quick_ratio() >= ALIKE
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _by_words(before: str, after: str) -> tuple[Piece, ...]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    pieces: list[Piece] = []
    for kind, i, j, k, m in _opcodes(old, new):
        if kind == "equal":
            pieces.append(Piece(SAME, "".join(new[k:m])))
            continue
        if i < j:
            pieces.append(Piece(REMOVED, "".join(old[i:j])))
        if k < m:
            pieces.append(Piece(ADDED, "".join(new[k:m])))
    return tuple(_joined(pieces))


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Changed words with nothing but a space between them as one run, so that a rewritten phrase reads as one."""
    removed = added = ""
    for index, piece in enumerate(pieces):
        is_gap = piece.kind == SAME and not piece.text.strip() and index < len(pieces) - 1 and removed and added
        if piece.kind == REMOVED or is_gap:
            removed += piece.text
        if piece.kind == ADDED or is_gap:
            added += piece.text
        if piece.kind == SAME and not is_gap:
            yield from _run(removed, added)
            removed = added = ""
            yield piece
    yield from _run(removed, added)


def _run(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(REMOVED, removed)
    if added:
        yield Piece(ADDED, added)


def _whole(kind: str, text: str) -> Line:
    return Line(kind, (Piece(kind, text),))


def _folded(lines: Sequence[Line]) -> Iterator[Line]:
    near = [
        any(other.kind != SAME for other in lines[max(0, index - AROUND) : index + AROUND + 1])
        for index in range(len(lines))
    ]
    skipped = 0
    for line, is_near in zip(lines, near, strict=True):
        if not is_near:
            skipped += 1
            continue
        if skipped:
            yield Line("folded", skipped=skipped)
            skipped = 0
        yield line
    if skipped:
        yield Line("folded", skipped=skipped)
