"""How long the workbook of a large return takes to make, to read and to check, and how much memory reading it needs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction

from grants.models import CommitmentIndicator, MonitoringReturn
from grants.questionnaire import Box, BoxKind, boxes_for
from grants.workbook.make import contents_of
from grants.workbook.reading import Workbook, read_file
from grants.workbook.template import workbook_of
from grants.workbook.understand import understand
from programmes.models import Indicator, IndicatorVersion, Objective
from vru.lib.tables.limits import ROOT

READINGS = 60
TARGETS = {"generate_seconds": 0.3, "validate_seconds": 0.3, "peak_mib": 150}


def measure_workbook(item: MonitoringReturn, runs: int = 10) -> dict[str, Any]:
    """Medians over ``runs`` for one return, made as large as a return gets: 60 readings besides its own boxes.

    ``generate_seconds`` counts queries and writing; ``validate_seconds`` reading, comparing and validating, less what
    starting the same interpreter with the same imports takes; ``peak_mib`` is the reader's resident memory. The
    readings are made for the measurement and rolled back.
    """
    with transaction.atomic():
        _ask_for_readings(item, READINGS)
        boxes = boxes_for(item)
        typed = {box.name: _typed(box) for box in boxes}
        data = workbook_of(contents_of(item, boxes, typed, ()))
        generate = _median(runs, lambda: workbook_of(contents_of(item, boxes_for(item), typed, ())))
        start = _median(runs, _bare_start)
        books: list[Workbook] = []
        whole = _median(runs, lambda: _validate(item, data, books))
        transaction.set_rollback(True)
    return {
        "boxes": len(boxes),
        "bytes": len(data),
        "generate_seconds": round(generate, 4),
        "reader_start_seconds": round(start, 4),
        "validate_seconds": round(max(0.0, whole - start), 4),
        "peak_mib": round(max(book.peak_kib for book in books) / 1024, 1),
        "targets": TARGETS,
    }


def workbook_lines(result: dict[str, Any]) -> list[str]:
    """The same for people, with what was aimed at."""
    return [
        f"Workbook of a return with {result['boxes']} boxes ({result['bytes'] / 1024:,.0f} KiB)",
        f"  made in              {result['generate_seconds']:.3f} s  (aim: under {TARGETS['generate_seconds']} s)",
        f"  read and checked in  {result['validate_seconds']:.3f} s  (aim: under {TARGETS['validate_seconds']} s, "
        f"beyond {result['reader_start_seconds']:.3f} s to start the reader)",
        f"  the reader's memory  {result['peak_mib']:.0f} MiB  (aim: under {TARGETS['peak_mib']} MiB)",
    ]


def _ask_for_readings(item: MonitoringReturn, count: int) -> None:
    """Give the grant so many percentages to report in the year of the return."""
    for number in range(1, count + 1):
        indicator = Indicator.objects.create(slug=f"bench-{number}", title=f"Outcome {number}")
        version = IndicatorVersion.objects.create(
            indicator=indicator,
            number=1,
            kind=IndicatorVersion.Kind.PERCENTAGE,
            numerator="Young people who stayed in school",
            denominator="Young people followed up",
            unit="%",
            definition="Counted at the end of the quarter, from the register.",
            objective=Objective.objects.order_by("pk")[:1].get(),
            valid_from=item.quarter.period.starts_on,
        )
        CommitmentIndicator.objects.create(commitment=item.commitment, version=version, year=item.quarter.year)


def _typed(box: Box) -> str:
    if box.choices:
        return box.choices[0][0]
    if box.kind.number is not None:
        return "1234.50" if box.kind is BoxKind.MONEY else "12"
    return "The sessions were full every week. " * (60 if box.kind is BoxKind.LONG else 1)


def _validate(item: MonitoringReturn, data: bytes, books: list[Workbook]) -> None:
    books.append(read_file(data))
    understand(item, books[-1])


def _bare_start() -> None:
    """The reader's interpreter and imports, with nothing to read."""
    command = [sys.executable, "-E", "-s", "-c", "import grants.workbook.reader"]
    subprocess.run(command, cwd=ROOT, env={}, check=True)  # noqa: S603 - a fixed command


def _median(runs: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
