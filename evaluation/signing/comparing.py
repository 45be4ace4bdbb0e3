"""What a signature adds to the facts: what was explained, and what changed since the last signed edition."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.models import Edition
from evaluation.reports.changes import changes_between, corrections_between
from evaluation.reports.facts import Facts
from evaluation.reports.imprint import Changed, Imprint, Signature
from evaluation.signing.evidence import stored_facts
from evaluation.signing.run import SignOff
from vru.lib.periods import london_day, long_date


@dataclass(frozen=True)
class Comparison:
    """With the last signed edition of the same report; without one, ``earlier`` is None and nothing changed.

    ``is_restated``: a return that the earlier edition counted was corrected since, and a printed figure changed.
    """

    earlier: Edition | None = None
    changes: tuple[Changed, ...] = ()
    corrections: int = 0

    @property
    def is_restated(self) -> bool:
        return bool(self.corrections and self.changes)

    @property
    def since(self) -> str:
        """ "edition 1, signed 3 May 2021"."""
        if self.earlier is None or self.earlier.signed_at is None:
            return ""
        return f"edition {self.earlier.number}, signed {long_date(london_day(self.earlier.signed_at))}"


def compared_with_signed(edition: Edition, facts: Facts) -> Comparison:
    """Raises CorruptSnapshot when the earlier edition's snapshot is not what was signed."""
    earlier = (
        Edition.objects.signed()
        .filter(report=edition.report, number__lt=edition.number)
        .select_related("report__outline")
        .order_by("-number")
        .first()
    )
    if earlier is None:
        return Comparison()
    old, new = (frozenset(each.revisions.values_list("pk", flat=True)) for each in (earlier, edition))
    changes = changes_between(stored_facts(earlier), facts, old_revisions=old, new_revisions=new)
    return Comparison(earlier, changes, len(corrections_between(old, new)))


def imprint_to_sign(
    edition: Edition, sign_off: SignOff, comparison: Comparison, signature: Signature | None = None
) -> Imprint:
    """What stands beside the facts in the final files. Without a signature, what a person is shown before signing."""
    return Imprint(
        number=edition.number,
        status=Edition.Status.SIGNED_OFF.value,
        signature=signature,
        explanations=sign_off.explained,
        since=comparison.since,
        changes=comparison.changes,
        is_restated=comparison.is_restated,
    )
