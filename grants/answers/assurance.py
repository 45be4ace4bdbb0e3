"""How far a version's figures can be relied on: what the grantee reports about itself, or what was checked."""

from __future__ import annotations

from dataclasses import dataclass

from grants.models import AssuranceCheck, Revision


@dataclass(frozen=True, slots=True)
class Assurance:
    """``checks`` are those of this version, the latest first; ``earlier`` those of versions it replaced."""

    is_approved: bool
    checks: tuple[AssuranceCheck, ...]
    earlier: tuple[AssuranceCheck, ...]

    @property
    def is_checked(self) -> bool:
        return bool(self.checks)

    @property
    def sentence(self) -> str:
        """ "Approved as a self-report" or "Approved, checked on 2 November 2020"."""
        said = "Approved" if self.is_approved else "Not approved yet"
        if self.checks:
            return f"{said}, checked on {self.checks[0].held_on:%-d %B %Y}"
        basis = f"{said} as a self-report" if self.is_approved else f"{said}, a self-report"
        if self.earlier:
            return f"{basis}; an earlier version was checked on {self.earlier[0].held_on:%-d %B %Y}"
        return basis


def assurance_of(revision: Revision) -> Assurance:
    """One query for the checks and one for their counts."""
    made = list(
        AssuranceCheck.objects.filter(monitoring_return=revision.monitoring_return_id)
        .select_related("checked_by", "revision")
        .prefetch_related("counts")
        .order_by("-held_on", "-pk")
    )
    return Assurance(
        is_approved=revision.approved_at is not None,
        checks=tuple(check for check in made if check.revision_id == revision.pk),
        earlier=tuple(check for check in made if check.revision.number < revision.number),
    )
