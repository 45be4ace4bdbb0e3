"""What somebody typed into a search box, as words."""

from __future__ import annotations

import re
from functools import reduce
from operator import and_, or_

from django.db.models import Q

MOST_WORDS = 12
_WORD = re.compile(r"[\w'’-]*\w")


def words_of(text: str) -> list[str]:
    """The words of a text, at most a dozen, each once: signs and spaces between them say nothing."""
    return list(dict.fromkeys(_WORD.findall(text)))[:MOST_WORDS]


def all_words(text: str, *fields: str) -> Q:
    """Every word stands in one field or another. A text without words finds nothing."""
    words = words_of(text)
    if not words:
        return Q(pk__in=[])
    return reduce(and_, (reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)) for word in words))
