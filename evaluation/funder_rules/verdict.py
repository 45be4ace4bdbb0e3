"""What is said of a rule on a day."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from evaluation.figures import Figure
from programmes.models import FunderRule


class Outcome(models.TextChoices):
    """From best to worst; what is not known stands apart and is never guessed."""

    MET = "met", "Met"
    AT_RISK = "at_risk", "At risk"
    BROKEN = "broken", "Broken"
    UNKNOWN = "unknown", "Cannot be said"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``numerator``, ``denominator`` and ``threshold`` (per cent) as the rule compares them, None where not known.

    ``working`` is the sum in words and numbers, ``why`` one sentence. ``figures`` are those it rests on, to be traced.
    """

    rule: FunderRule
    outcome: Outcome
    why: str
    working: str = ""
    numerator: str = ""
    denominator: str = ""
    threshold: Decimal | None = None
    share: Decimal | None = None
    figures: tuple[Figure, ...] = ()
