"""How high a programme's risks are, from the highest that is open."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q

from programmes.models import ProgrammeRisk

# Likelihood × impact, from 1 to 25: the bands that a five by five matrix is usually read in.
HIGH, MEDIUM = 15, 8
LEVELS = (
    ("high", f"High: an open risk of {HIGH} or more"),
    ("medium", f"Medium: highest open risk {MEDIUM} to {HIGH - 1}"),
    ("low", f"Low: highest open risk below {MEDIUM}"),
    ("none", "No open risk"),
)


def at_risk(level: str, programme: str = "pk") -> Q:
    """Whether the programme's highest open risk is in the band; ``programme`` is the field that leads to it."""
    own = ProgrammeRisk.objects.filter(programme=OuterRef(programme), closed_at__isnull=True).alias(
        points=F("likelihood") * F("impact")
    )
    high, medium = Q(Exists(own.filter(points__gte=HIGH))), Q(Exists(own.filter(points__gte=MEDIUM)))
    bands = {"high": high, "medium": medium & ~high, "low": Q(Exists(own)) & ~medium, "none": ~Q(Exists(own))}
    return bands[level]
