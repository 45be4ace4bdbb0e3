"""What making a PDF may come to: a report of its cost, or a refusal. Loads no renderer."""

from __future__ import annotations

from dataclasses import dataclass


class ResourceRefused(RuntimeError):
    """The document asked for something outside itself."""


class RepairError(ValueError):
    """The document cannot be made accessible by the machine; the message says what a person must mend."""


@dataclass(frozen=True, slots=True)
class RenderReport:
    """What the making cost. Seconds are wall-clock; `seconds_repair` includes saving the file. `peak_kib` is the most
    memory that a process of its own held, 0 where the PDF was made in the caller's.
    """

    seconds_render: float
    seconds_repair: float
    pages: int
    peak_kib: int = 0
