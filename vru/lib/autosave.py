"""Which of two saves of one page came later: they may overtake each other on the way."""

from __future__ import annotations


def is_later_save(page: str, saved_from: str) -> bool:
    """Whether this save follows the stored one on the very same page. A late one that was overtaken does not.

    Both are "name:count": a name that is new with every page opened, and how often that page has saved.
    """
    name, _, count = page.partition(":")
    stored, _, last = saved_from.partition(":")
    return bool(name) and name == stored and count.isdecimal() and last.isdecimal() and int(count) > int(last)
