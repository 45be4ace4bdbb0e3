"""From a printed figure to what it is made of, and from a return to every edition that printed it."""

from __future__ import annotations

from evaluation.tracing.figure import PublicTrace, Trace, public_trace, trace_of
from evaluation.tracing.printed import Appearance, Share, appearances_of, shares_of
from evaluation.tracing.stored import facts_of, scope_of

__all__ = [
    "Appearance",
    "PublicTrace",
    "Share",
    "Trace",
    "appearances_of",
    "facts_of",
    "public_trace",
    "scope_of",
    "shares_of",
    "trace_of",
]
