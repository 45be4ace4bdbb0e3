"""What figures are computed of: a year, a layer and a day. No figure is without all three."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from programmes.models import StrategyVersion
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear, due_at


class ScopeError(ValueError):
    """A year, layer or day that cannot be used. The message is a sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """``as_at`` means the end of that day in London. ``revision_ids`` limits what is counted to those revisions, and
    ``until`` to quarters that had ended, and payments that had been made, by that day.

    Objective and outcome numbers are those of ``strategy_version``.
    """

    year: FinancialYear
    layer: str
    as_at: datetime.date
    strategy_version: StrategyVersion | None
    revision_ids: frozenset[int] | None = None
    until: datetime.date | None = None

    @classmethod
    def of(cls, year: FinancialYear, layer: str, as_at: datetime.date) -> Scope:
        """The scope with the strategy version in force on ``as_at``, or at the year's end where that is earlier.

        Raises ScopeError for a layer that does not exist.
        """
        if layer not in Layer.values:
            raise ScopeError(f'"{layer}" is not a layer. Use one of {", ".join(Layer.values)}.')
        return cls(year, layer, as_at, version_on(min(as_at, year.ends_on)))

    def limited_to(self, revision_ids: frozenset[int]) -> Scope:
        """The same scope, counting these revisions only: how an edition's figures are checked afterwards."""
        return replace(self, revision_ids=revision_ids)

    def ending(self, day: datetime.date) -> Scope:
        """The same scope, as the year had come to by the end of a day: quarters that ended later are left out."""
        return replace(self, until=day)

    @property
    def quarters_counted(self) -> tuple[int, ...]:
        """The numbers of the year's quarters that are counted."""
        quarters = self.year.quarters()
        return tuple(each.number for each in quarters if self.until is None or each.ends_on <= self.until)

    @property
    def moment(self) -> datetime.datetime:
        return due_at(self.as_at)


def version_on(day: datetime.date) -> StrategyVersion | None:
    """The strategy version in force; without one, the latest that had begun, else the first there will be."""
    versions = list(StrategyVersion.objects.order_by("valid_from", "pk"))
    in_force = [v for v in versions if v.valid_from <= day and (v.valid_to is None or v.valid_to >= day)]
    begun = [v for v in versions if v.valid_from <= day]
    found = in_force or begun or versions[:1]
    return found[-1] if found else None
