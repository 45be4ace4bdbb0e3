"""What can go wrong with a report, each as one plain sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluation.models import ReportSection


class ReportError(Exception):
    """Base of everything this package raises on purpose; ``str()`` is a sentence fit for a person."""


class NothingToReport(ReportError):
    """The year, layer or kind asked for does not exist or holds no data."""


class UnknownToken(ReportError):
    """A narrative names a figure or a display option that does not exist."""


class CorruptSnapshot(ReportError):
    """A snapshot is not what it was when it was made."""


class OutputRefused(ReportError):
    """The folder that files should go to cannot be written."""


class ReportRefused(ReportError):
    """A change to a report that may not be made, by this person or as things stand."""


class StaleSection(ReportRefused):
    """Somebody saved the section after the person opened it. ``current`` is the section as it stands."""

    def __init__(self, current: ReportSection) -> None:
        who = current.updated_by.name if current.updated_by else "Somebody"
        super().__init__(f"{who} saved this section after you opened it. Nothing is lost: put both together.")
        self.current = current
