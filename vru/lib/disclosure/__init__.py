"""Disclosure control of counts of people.

Small counts (1 to threshold - 1) are hidden, and as many others as it takes so that none of them can be
narrowed down from everything else that is published to fewer than `width` steps. The claim is safe, not
minimal: no smaller set of hidden cells is looked for. Zeros are published: a nought is about nobody, and
hiding it would hide that a group was not reached. What is not claimed: that a reader with knowledge of their
own (one of the people counted) learns nothing, or that a row which falls wholly into one category is hidden.
"""

from vru.lib.disclosure.attack import attack
from vru.lib.disclosure.protection import CannotProtect, Protected, protect, rounded
from vru.lib.disclosure.tables import (
    OneWay,
    Publication,
    Relation,
    Table,
    TableError,
    TwoWay,
    cell_id,
    percentage,
)

__all__ = [
    "CannotProtect",
    "OneWay",
    "Protected",
    "Publication",
    "Relation",
    "Table",
    "TableError",
    "TwoWay",
    "attack",
    "cell_id",
    "percentage",
    "protect",
    "rounded",
]
