"""Numbers that are no figures: dates, years, times, ages, ordinals, references and turns of phrase.

They are looked for first, so that what is left is an amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluation.numbers.found import Sort
from evaluation.numbers.words import SMALL, TENS

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DASH = r"[-/\u2010-\u2015]"
_NO_MORE = r"(?![,.]*\d)"
_YEAR = r"(?:1[89]|20)\d\d"
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    "twentieth",
)
_NUMBERED = (
    r"(?:sections?|appendix|appendices|annex|tables?|figures?|charts?|maps?|chapters?|pages?|paragraphs?|paras?"
    r"|footnotes?|notes?|steps?|parts?|items?|objectives?|outcomes?|aims?|priorit(?:y|ies)|phases?|stages?|tiers?"
    r"|levels?|grades?|bands?|strands?|waves?|rounds?|cohorts?|editions?|versions?|years?|recommendations?|questions?"
    r"|goals?|themes?|options?|form|number|no\.|pp?\.|act|schedule|clause|article|chapter|volume|vol\.|issue)"
)
_NUMBER_OR_WORD = rf"(?:\d+[a-z]?|(?:{'|'.join(SMALL)}))"
# A year stands after one of these, or before the end of a phrase, unless the things counted follow it at once.
_THINGS = (
    r"(?:people|young|children|men|women|pupils|students|residents|families|households|returns|sessions|offences"
    r"|incidents|places|staff|practitioners|grants|contacts|referrals|cases|victims|calls|visits)"
)
_PATTERNS: tuple[tuple[Sort, str], ...] = (
    (
        Sort.DATE,
        rf"\b{_DAY}(?: ?(?:to|and|{_DASH}) ?{_DAY})? (?:of )?{_MONTH}(?:,? {_YEAR})?\b"
        rf"|\b{_MONTH} {_DAY}{_NO_MORE}(?:,? {_YEAR})?\b|\b{_MONTH},? {_YEAR}\b"
        rf"|\b\d{{1,2}}[/.]\d{{1,2}}[/.](?:\d{{4}}|\d\d)\b|\b\d{{4}}-\d\d-\d\d\b",
    ),
    (
        Sort.TIME,
        r"\b\d{1,2}:\d\d(?: ?[ap]m)?\b|\b\d{1,2}(?:\.\d\d)? ?[ap]m\b|\b\d{1,2} ?o.clock\b|\b24/7\b",
    ),
    (
        Sort.YEAR,
        rf"\b20\d\d ?{_DASH} ?(?:20)?\d\d(?: ?q[1-4])?\b(?!,\d|%)|\bq[1-4](?: ?{_YEAR})?\b"
        rf"|(?<![£\d,.]){_YEAR}s?(?![,.]?\d|%|\w)(?! {_THINGS}\b)"
        rf"|\b(?:in|since|by|from|until|during|for|before|after) {_YEAR}(?![,.]?\d|%|\w| ?{_DASH} ?\d)",
    ),
    (
        Sort.AGE,
        rf"\b(?:age[sd]?|ages of|aged between|the ages? of|ages? between|between the ages of"
        rf"|(?:up to|over|under) the age of"
        rf"|(?:people|children|those|anyone|everyone|adults)(?: aged)? (?:up to|over|under|below))"
        rf" {_NUMBER_OR_WORD}(?:(?: ?{_DASH} ?| to | and | or )(?:over|under|above|older|below|\d+))?{_NO_MORE}\b"
        rf"|\b\d+(?:(?: ?{_DASH} ?| to | and )\d+)?[- ]year[s]?[- ]olds?\b"
        rf"|\b\d+(?:(?: ?{_DASH} ?| to )\d+)? years old\b"
        rf"|\b(?:adults|people|men|women|children|boys|girls|aged) of {_NUMBER_OR_WORD}(?: ?{_DASH} ?| to | and )\d+\b"
        r"|\b(?:under|over) (?:1\d|2\d|30|65)\b(?![,.]\d)"
        r"(?= ?[|.,;:)\ue002]| (?:and|or|outside|in|at|who|were|was|are|of|from|on|to|with|by)\b|\s*$)"
        rf"|\b(?:under|over)[- ]?\d+s\b|\b\d+(?: ?{_DASH} ?| to )\d+s\b|\b\d+s and (?:under|over)\b",
    ),
    (
        Sort.ORDINAL,
        rf"\b\d+(?:st|nd|rd|th)\b|\b(?:{'|'.join(TENS)})[- ](?:{'|'.join(_ORDINALS[:9])})\b"
        rf"|\b(?:{'|'.join(_ORDINALS[:2])})(?: half)?\b"
        # "a third of" and "by a third" are shares; "the third quarter" is a place in a row.
        rf"|\b(?:the|this|that|its|their|our|every|each|in|as|third|fourth) (?:{'|'.join(_ORDINALS[2:])})"
        rf"(?: (?:quarter|half))?s?\b",
    ),
    (
        Sort.REFERENCE,
        rf"\b{_NUMBERED} {_NUMBER_OR_WORD}(?:(?:, ?| and | to | ?{_DASH} ?){_NUMBER_OR_WORD})*{_NO_MORE}\b"
        r"|(?m:^[ \t]*(?:\d{1,3}[.)]|#{1,6} \d+[a-z]?)(?=[ \t]))"
        r"|\[\^?\d{1,3}\]|(?<![\d£,.])\b\d+[a-hj-z]\b(?<![kmp])|\b[a-z]+[-/]?\d[\w/-]*|\b\d+d\b",
    ),
    (
        Sort.WORDING,
        r"\bone another\b|\bone[- ](?:by|to)[- ]one\b|\bno one\b"
        r"|\b(?:this|that|each|every|which|any|the|last|next|first) one\b"
        r"(?![- ](?:hundred|thousand|million|billion|half|third|quarter|in|out|fifth|tenth)\b)"
        r"|\bone (?:of|or|that|which|who|is|was|has|can|could|may|might|should|does|says|day|and the same)\b"
        r"|\bat one (?:time|point)\b|\bone['\u2019]s\b|\bone[- ]off\b"
        r"|\b(?:hundreds|thousands|dozens|millions|tens|scores) of\b"
        r"|\b50[/:-]50\b|\bfifty[- ]fifty\b|\bhalf[- ](?:term|way|hearted|brother|sister)\w*\b|\bhalfway\b"
        r"|\b(?:other|latter|former) half\b|\b(?:each|every|this|that|last|next|per|one|a|the) quarter(?:['\u2019]s|s)?"
        r"\b(?! of | more | less | fewer | higher | lower )(?<!by a quarter)(?<!ly a quarter)(?<!st a quarter)"
        r"(?<!ut a quarter)(?<!er a quarter)(?<!nd a quarter)(?<!an a quarter)"
        r"|\b(?:after|before|to|on) one\b(?![- ](?:hundred|thousand|million|billion|half|third|quarter|in)\b)"
        r"|\b(?:year|month|week|day|hour)s? and a (?:half|quarter)\b"
        rf"|(?<!ty )(?<!-)(?<!hundred and )(?<!thousand and )(?<!million and )"
        rf"\bone\b(?! (?:(?:in|out of) (?:every )?(?:\d|(?:{'|'.join(SMALL)}|a)\b)"
        r"|hundred|thousand|million|billion|half|third|quarter|fifth|tenth)\b"
        r"|[- ](?:third|quarter|half|fifth|tenth))",
    ),
)
# Nothing of this begins inside a word, and most places of a text are inside one.
_ASIDE = re.compile(
    rf"(?:(?<![a-z0-9])|(?=\[))(?:{'|'.join(f'(?P<{sort.value}>{pattern})' for sort, pattern in _PATTERNS)})"
)


def told_apart(lowered: str, start: int, end: int) -> Iterator[tuple[int, int, Sort]]:
    """(start, end, what it is) of every number in a stretch of a lower-case text that is no amount, in order."""
    for match in _ASIDE.finditer(lowered, start, end):
        yield match.start(), match.end(), Sort(match.lastgroup or "")
