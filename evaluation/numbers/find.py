"""Every number that somebody typed into prose, with what it can mean.

``find_numbers`` works on one text. It knows digits and words, money, percentages, shares ("two thirds", "one in four"),
ranges, and words such as "nearly" before a number or "or more" after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile

from evaluation.numbers.aside import told_apart
from evaluation.numbers.found import Quantity, Sort, Span, Typed
from evaluation.numbers.hedges import AFTER, hedge_before, spans_of
from evaluation.numbers.masking import COVER, prose
from evaluation.numbers.sentences import Sentences
from evaluation.numbers.subjects import STOP
from evaluation.numbers.words import (
    BELOW_HUNDRED,
    CARDINAL,
    PART_NAMES,
    SCALES,
    SHORT_SCALES,
    SMALL,
    read_cardinal,
    read_out_of,
    read_part,
)

MOST_DIGITS = 15
# Sentences without any of these hold no number, and most have none: the longer patterns look at the others only.
_MAY_BE = re.compile(
    rf"\d|\b(?:{'|'.join((*SMALL, *SCALES))}|half|third|quarter|dozen|doubl|halv|trebl|tripl|quadrupl|first|second|fif)"
    r"|th\b"
)
_SAME_LENGTH = str.maketrans(
    {
        **{chr(code): " " for code in (0xA0, 0x2007, 0x2009, 0x202F, 0x200B)},
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "\uff05": "%",
        "\uffe1": "£",
        "\u2212": "-",
        "*": " ",
        "_": " ",
        "\t": " ",
    }
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_PER_CENT = r" ?%| ?per ?cent\b| percentage points?\b| points?\b"
_ATOM = re.compile(
    r"(?<![a-z0-9])(?:"
    rf"(?P<digits>(?<![\w.,/£])(?P<sign>-(?=[£\d]))?(?:(?P<pound>£) ?)?(?P<number>{_DIGITS})"
    rf"(?:(?P<short>k|mn?|bn)\b|[ -](?P<scale>hundred|thousand|million|billion)\b)?"
    rf"(?P<pence>p\b)?(?P<pounds> pounds\b)?"
    rf"(?P<percent>{_PER_CENT})?(?!\w))"
    rf"|\b(?P<part>{BELOW_HUNDRED}) (?:in|out of)(?: every)? (?P<whole>{BELOW_HUNDRED}|a hundred|0*[1-9]\d*)\b"
    rf"|\b(?:(?P<many>an?|{BELOW_HUNDRED})[- ])?(?P<share>{PART_NAMES})\b(?![- ](?:year|hour|day|dozen|an? )\w*)"
    r"|\b(?P<multiple>doubled|halved|trebled|tripled|quadrupled|doubling|halving)\b"
    rf"|\b(?P<words>{CARDINAL})\b(?P<of_pounds> pounds\b)?(?P<of_hundred> ?per ?cent\b| percentage points?\b)?)"
)
_OUT_OF = re.compile(r" (?:in|out of)(?: every)? (\d+)\b")
_MULTIPLES = {"doubl": 100, "halv": -50, "trebl": 200, "tripl": 200, "quadrupl": 300}
_TO = re.compile(r" ?(?:to|[-\u2010-\u2015]) ?|\s+to\s+")
_AND = re.compile(r"\s+and\s+")
_FROM = re.compile(r"\bfrom\s+$")
_BETWEEN = re.compile(r"\bbetween\s+$")
_DOWN = r"fell|fall|falls|fallen|falling|decrease\w*|reduc\w+|drop\w*|declin\w+|down|cut|lower|fewer|less"
_UP = r"rose|rise|rises|risen|rising|increas\w+|grew|grown|growth|up|higher|more|climb\w*|gain\w*"
_MOVED = re.compile(rf"\b(?:(?P<down>{_DOWN})|(?P<up>{_UP}))(?: (?:by|of|was|to))?(?: \w+)? ?\(?$")
_MOVES = re.compile(rf" ?(?:(?P<down>{_DOWN})|(?P<up>{_UP}))\b(?! than)")
_NOUN = re.compile(
    r"[ -]*(?:of (?:the |all |these |those |our )?)?([a-z][a-z'\u2019-]*)"
    r"(?: ([a-z][a-z'\u2019-]*))?(?: ([a-z][a-z'\u2019-]*))?"
)
LOOK_BACK = 40


@dataclass(frozen=True, slots=True)
class _Atom:
    """A number on its own. ``unit`` is what it was rounded to; ``is_share`` marks "a third", which is never exact."""

    start: int
    end: int
    quantity: Quantity
    value: Decimal
    unit: Decimal
    is_share: bool = False
    scale: Decimal = Decimal(1)
    direction: int = 0


def find_numbers(text: str) -> list[Typed]:
    """Every number of a section's text in order, amounts and others. Tokens, addresses and code are no prose."""
    covered = prose(text)
    lowered = _lowered(covered)
    sentences = Sentences(covered)
    stretches = list(sentences.with_any(_MAY_BE, lowered))
    aside = [each for first, last in stretches for each in told_apart(lowered, first, last)]
    found = [Typed(start, end, "", sort) for start, end, sort in aside]
    found += _amounts(_without(lowered, aside), lowered, stretches)
    return [_placed(each, text, sentences) for each in sorted(found, key=lambda each: (each.start, each.end))]


def _placed(typed: Typed, text: str, sentences: Sentences) -> Typed:
    first, last = sentences.around(typed.start, typed.end)
    return replace(
        typed,
        printed=text[typed.start : typed.end],
        sentence=text[first:last],
        sentence_start=first,
        sentence_end=last,
    )


def _lowered(text: str) -> str:
    """Lower case, plain spaces and digits, of the same length whatever was typed."""
    plain = text.translate(_SAME_LENGTH)
    lowered = plain.lower()
    return lowered if len(lowered) == len(plain) else "".join(c.lower() if c.isascii() else c for c in plain)


def _without(lowered: str, aside: list[tuple[int, int, Sort]]) -> str:
    """The text with what was told apart covered by a mark that is neither a letter nor a space."""
    pieces, last = [], 0
    for start, end, _ in aside:
        pieces += [lowered[last:start], COVER * (end - start)]
        last = end
    return "".join([*pieces, lowered[last:]])


def _amounts(covered: str, lowered: str, stretches: list[tuple[int, int]]) -> Iterator[Typed]:
    matches = (match for first, last in stretches for match in _ATOM.finditer(covered, first, last))
    atoms: list[_Atom] = []
    for match in matches:
        atom = _atom(match, covered)
        if atom is not None and (not atoms or atoms[-1].end <= atom.start):
            atoms.append(atom)
    place = 0
    while place < len(atoms):
        atom = atoms[place]
        following = atoms[place + 1] if place + 1 < len(atoms) else None
        joined = _range(covered, atom, following) if following is not None else None
        if joined is not None and following is not None:
            start, low, high = joined
            yield _typed(covered, lowered, replace(high, start=start, end=following.end), low)
            place += 2
        else:
            yield _typed(covered, lowered, atom)
            place += 1


def _atom(match: re.Match[str], text: str) -> _Atom | None:
    start, end = match.span()
    if match["digits"]:
        return _from_digits(match, text)
    if match["part"]:
        return _share(start, end, read_out_of(match["part"], match["whole"]))
    if match["share"]:
        return _share(start, end, read_part(match["many"] or "", match["share"])) if _is_share(match, text) else None
    if match["multiple"]:
        change = next(value for stem, value in _MULTIPLES.items() if match["multiple"].startswith(stem))
        return replace(_share(start, end, Decimal(abs(change))), direction=1 if change > 0 else -1)
    quantity = Quantity.PERCENT if match["of_hundred"] else Quantity.MONEY if match["of_pounds"] else Quantity.COUNT
    value = read_cardinal(match["words"])
    return _Atom(start, end, quantity, value, _unit_of_words(match["words"], value))


def _from_digits(match: re.Match[str], text: str) -> _Atom | None:
    number = match["number"].replace(",", "")
    if len(number) > MOST_DIGITS:
        return None
    out_of = _OUT_OF.match(text, match.end()) if match["number"] == match["digits"] else None
    if out_of and 0 < Decimal(number) < Decimal(out_of[1]) <= 1000:
        return _share(match.start(), out_of.end(), read_out_of(number, out_of[1]))
    scale = Decimal(SHORT_SCALES[match["short"]] if match["short"] else SCALES[match["scale"]] if match["scale"] else 1)
    decimals = len(number.partition(".")[2])
    quantity = Quantity.COUNT
    if match["pound"] or match["pounds"]:
        quantity = Quantity.MONEY
    elif match["pence"]:
        quantity, scale = Quantity.MONEY, Decimal("0.01")
    elif match["percent"]:
        quantity = Quantity.PERCENT
    value = Decimal(number) * scale * (-1 if match["sign"] else 1)
    return _Atom(match.start(), match.end(), quantity, value, Decimal(1).scaleb(-decimals) * scale, scale=scale)


def _share(start: int, end: int, value: Decimal) -> _Atom:
    return _Atom(start, end, Quantity.PERCENT, value, Decimal(1), is_share=True)


def _is_share(match: re.Match[str], text: str) -> bool:
    """ "half", "two thirds", "a third of", "by a quarter": parts of a whole. Not "third", nor "quarters"."""
    if match["share"] == "half" or (match["many"] or "a") not in ("a", "an"):
        return match["share"] != "halves" or bool(match["many"])
    if not match["many"]:
        return False
    before = text[max(0, match.start() - LOOK_BACK) : match.start()]
    after = text[match.end() : match.end() + 10]
    return bool(
        re.match(r" (?:of|more|less|fewer|higher|lower)\b|[.,;:)]?(?:\s|$)(?!\w)", after)
        or re.search(r"\b(?:by|to|than|over|under|about|around|nearly|almost|roughly|is|was|were)\s+$", before)
    )


def _unit_of_words(words: str, value: Decimal) -> Decimal:
    """What a number in words was rounded to: "three million" to the nearest million, "twelve" to one."""
    scale = next((Decimal(SCALES[word]) for word in re.split(r"[- ]+", words)[::-1] if word in SCALES), Decimal(1))
    return scale / 10 if scale > 1000 and value % scale else scale if scale > 1000 else Decimal(1)


def _range(text: str, low: _Atom, high: _Atom) -> tuple[int, Decimal, _Atom] | None:
    """(start, lower end, upper end) of "10 to 15" and "between £1m and £2m". "From 12 to 15" is two numbers."""
    gap = text[low.end : high.start]
    before = text[max(0, low.start - LOOK_BACK) : low.start]
    between = _BETWEEN.search(before)
    if not ((_TO.fullmatch(gap) and not _FROM.search(before)) or (between and _AND.fullmatch(gap))):
        return None
    if low.quantity is not high.quantity and Quantity.COUNT not in (low.quantity, high.quantity):
        return None
    lower = low.value * high.scale if low.scale == 1 and low.value < 1000 else low.value
    quantity = high.quantity if high.quantity is not Quantity.COUNT else low.quantity
    if not lower < high.value:
        return None
    start = low.start - (len(between[0]) if between else 0)
    return start, lower, replace(high, quantity=quantity)


def _typed(covered: str, lowered: str, atom: _Atom, low: Decimal | None = None) -> Typed:
    before = covered[max(0, atom.start - LOOK_BACK) : atom.start]
    after = AFTER.match(covered, atom.end)
    hedge, length = hedge_before(before, lowered[atom.end : atom.end + 20])
    end = after.end() if after else atom.end
    start = atom.start - length
    near, bounds = spans_of(atom.value, atom.unit, hedge or (after and after.lastgroup) or "", is_share=atom.is_share)
    if low is not None:
        near = bounds = Span(low, atom.value)
    return Typed(
        start=start,
        end=end,
        printed="",
        sort=Sort.AMOUNT,
        quantity=atom.quantity,
        value=atom.value if low is None else (low + atom.value) / 2,
        near=near,
        bounds=bounds,
        noun=_noun(lowered, end),
        is_hedged=bool(hedge or after or low is not None),
        direction=atom.direction or _direction(before[: len(before) - length], covered, end),
    )


def _noun(text: str, end: int) -> tuple[str, ...]:
    match = _NOUN.match(text, end)
    named = [word for word in match.groups() if word] if match else []
    return tuple(takewhile(lambda word: word not in STOP, named))


def _direction(before: str, text: str, end: int) -> int:
    """−1 for "fell by 26%" and "26% fewer", 1 for "rose to" and "8% more"; 0 where nothing is said to move."""
    moved = _MOVED.search(before) or _MOVES.match(text, end)
    return 0 if moved is None else -1 if moved["down"] else 1
