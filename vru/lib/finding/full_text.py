"""Words looked for in texts: PostgreSQL's full text where it is the database, plain containment elsewhere.

PostgreSQL knows English: "mentors" finds "mentoring", the end of a word may be missing, and better matches come first.
SQLite finds every word as it is typed, anywhere in the text, and puts titles that begin with what was typed first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from vru.lib.finding.words import all_words, words_of

CONFIG = "english"
_ENDINGS = ("ing", "ers", "er", "ed", "es", "s")
_SHORTEST_STEM = 4


def has_full_text() -> bool:
    return connection.vendor == "postgresql"


def matching(rows: QuerySet[Any], text: str, fields: Sequence[str], also: Q | None = None) -> QuerySet[Any]:
    """The rows whose ``fields`` together hold every word, best first and in a total order; ``also`` are found whatever
    their words. The first field is what a row is called: it counts most.

    The expression is the one that the index of the table is made of, so ``fields`` must be the index's own.
    """
    title, apart = fields[0], also if also is not None else Q(pk__in=[])
    if not words_of(text):
        return rows.none() if also is None else rows.filter(apart).order_by(title, "pk")
    if has_full_text():
        query = SearchQuery(_prefixes(text), search_type="raw", config=CONFIG)
        whole = SearchVector(*fields, config=CONFIG)
        called = SearchVector(title, config=CONFIG, weight="A")
        # Apart from what else is found: beside another condition in one "or" the index would not be used.
        worded = rows.model._base_manager.annotate(whole=whole).filter(whole=query).values("pk")
        found = rows.annotate(whole=whole).filter(Q(pk__in=worded) | apart)
        rank = SearchRank(called, query) + SearchRank(F("whole"), query)
        return found.annotate(rank=rank).order_by("-rank", title, "pk")
    place = Case(
        When(**{f"{title}__istartswith": text.strip()}, then=Value(0)),
        When(all_words(text, title), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = rows.filter(all_words(text, *fields) | apart)
    return found.annotate(place=place).order_by("place", title, "pk")


def _prefixes(text: str) -> str:
    """Every word as the beginning of one. Words hold letters and figures only, so none is an operator."""
    parts = [part for word in words_of(text) for part in re.findall(r"[^\W_]+", word)]
    return " & ".join(f"{part}:*" for part in parts)


def highlighted(text: str, query: str) -> SafeString:
    """The text with what matched marked: a word that begins like one that was typed, endings apart."""
    stems = [_stem(word.lower()) for word in words_of(query)]
    if not stems:
        return conditional_escape(text)
    inside = "" if has_full_text() else r"\w*"
    pattern = re.compile(rf"\b({inside}(?:{'|'.join(re.escape(stem) for stem in stems)})\w*)", re.IGNORECASE)
    pieces = pattern.split(text)
    marked = [(format_html("<mark>{}</mark>", piece) if place % 2 else piece,) for place, piece in enumerate(pieces)]
    return format_html_join("", "{}", marked)


def _stem(word: str) -> str:
    if has_full_text():
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                return word.removesuffix(ending)
    return word
