"""The unit's own records, grouped: what the rules on money and returns look at. Money is in pence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One commitment that was awarded, over all its years, except what is said to be of the year. None where nothing
    of the kind is recorded.
    """

    ref: str
    title: str
    award: int
    splits: int | None
    shares: int | None
    splits_of_year: int | None
    profile_of_year: int | None
    paid: int
    spent: int
    varied_to: int | None

    @property
    def where(self) -> str:
        return f"Award {self.ref}, {self.title}"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A funding source in the year: what was allocated and what was promised out of it."""

    slug: str
    title: str
    allocated: int | None
    promised: int


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """One dimension of one measure in an approved return; ``headline`` is None where the total is missing."""

    where: str
    revision: int
    measure: str
    dimension: str
    headline: int | None
    summed: int


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """People of a grant so far in the year, at three stages. None where a stage was never reported."""

    where: str
    ref: str
    referred: int | None
    started: int | None
    completed: int | None


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """An approved revision and who stood behind it. People are ids."""

    where: str
    revision: int
    status: str
    submitted_by: int
    approved_by: int | None
    signed_by: int | None
    submitted_at: datetime.datetime
    approved_at: datetime.datetime | None
    needs_signatory: bool
    is_sole_officer: bool


@dataclass(frozen=True, slots=True)
class PairRow:
    """A reading whose numerator is above its denominator."""

    where: str
    revision: int
    indicator: str
    numerator: str
    denominator: str


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A figure of the year, with what the same rows come to when added up another way."""

    figure: str
    label: str
    is_money: bool
    headline: int
    added_by: Mapping[str, int]


@dataclass(frozen=True)
class Ledger:
    awards: tuple[AwardRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    breakdowns: tuple[BreakdownRow, ...] = ()
    funnels: tuple[FunnelRow, ...] = ()
    approvals: tuple[ApprovalRow, ...] = ()
    unapproved: tuple[str, ...] = ()
    pairs: tuple[PairRow, ...] = ()
    totals: tuple[TotalRow, ...] = field(default=())
