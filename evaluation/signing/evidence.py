"""What the checks of one edition look at. Each part is read once, when the first check asks for it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from evaluation.disclosure_audit import Exposure, audit_edition
from evaluation.figures.computation import Computation
from evaluation.figures.scope import Scope
from evaluation.models import Edition, EditionFile, Report, ReportSection
from evaluation.reports.errors import CorruptSnapshot, ReportError
from evaluation.reports.facts import Facts, Request, read_facts


def stored_facts(edition: Edition) -> Facts:
    """The facts of an edition as they were kept. Raises CorruptSnapshot when they are gone or were changed."""
    stored = edition.files.filter(kind=EditionFile.Kind.SNAPSHOT).order_by("is_final").first()
    if stored is None:
        raise CorruptSnapshot(f"{edition} has no snapshot: it was never built, or its files were removed.")
    try:
        with stored.file.open("rb") as file:
            content = file.read()
    except OSError as error:
        raise CorruptSnapshot(f"The snapshot of {edition} is missing from the file store.") from error
    return Facts.read(content, edition.snapshot_hash)


@dataclass
class Evidence:
    """``today`` is the day of the checks, in London; ``audited`` what the disclosure audit found, where it is known."""

    edition: Edition
    today: datetime.date
    audited: Sequence[Exposure] | None = None

    @classmethod
    def of(cls, edition: Edition, audited: Sequence[Exposure] | None = None) -> Evidence:
        return cls(edition, timezone.localdate(), audited)

    @cached_property
    def exposures(self) -> Sequence[Exposure]:
        """What readers could tell about few people; without ``audited``, the audit runs now."""
        return audit_edition(self.edition) if self.audited is None else self.audited

    @cached_property
    def computation(self) -> Computation:
        """One reading of the figures for every check that needs some."""
        return Computation(self.scope)

    @property
    def report(self) -> Report:
        return self.edition.report

    @property
    def year_query(self) -> str:
        """What an analyst's page needs to show the same year and layer."""
        return f"?year={self.edition.financial_year}&layer={self.edition.layer}"

    @cached_property
    def scope(self) -> Scope:
        return Scope.of(self.edition.financial_year, self.edition.layer, self.edition.as_at)

    @cached_property
    def sections(self) -> list[ReportSection]:
        return list(self.report.sections.order_by("order"))

    @cached_property
    def facts(self) -> Facts | None:
        """The facts that would be signed; None when they cannot be read (``broken`` says why)."""
        try:
            return stored_facts(self.edition)
        except CorruptSnapshot:
            return None

    @cached_property
    def broken(self) -> str:
        """Why the kept facts cannot be read; "" when they can."""
        try:
            stored_facts(self.edition)
        except CorruptSnapshot as error:
            return str(error)
        return ""

    @cached_property
    def now(self) -> Facts | str:
        """The facts as they would be read now, or the sentence that says why they cannot be."""
        try:
            return read_facts(Request.of(self.report, self.edition.as_at), self.computation)
        except ReportError as error:
            return str(error)
