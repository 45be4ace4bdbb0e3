"""Two thousand saves by many people into a few sections at once: every one of them must still be there afterwards."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.db import connection, connections

from benchmarks.crowd_returns import Seat, put_seats
from grants.actions.drafts import save_section
from grants.errors import StaleDraft
from grants.models import Section, SectionDraft

SAVES, WRITERS, RETURNS = 2_000, 8, 10


def measure_saves(saves: int = SAVES, writers: int = WRITERS, returns: int = RETURNS) -> dict[str, Any]:
    """Each writer adds its own mark to what is saved; one who is refused reads again and adds it then."""
    seats = put_seats(returns)
    each = saves // writers
    refused: list[int] = []
    threads = [threading.Thread(target=_write, args=(seats, number, each, refused)) for number in range(writers)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    found = _marks(seats)
    wanted = {f"w{writer}.{number}" for writer in range(writers) for number in range(each)}
    return {
        "saves": len(wanted),
        "lost": len(wanted - found),
        "refused": sum(refused),
        "took_s": took,
        "met": found == wanted,
    }


def _write(seats: list[Seat], writer: int, each: int, refused: list[int]) -> None:
    stale = 0
    try:
        for number in range(each):
            seat = seats[(writer + number) % len(seats)]
            while not _add(seat, f"w{writer}.{number}"):
                stale += 1
    finally:
        refused.append(stale)
        connections.close_all()


def _add(seat: Seat, mark: str) -> bool:
    """Read, add a mark, save under the version that was read. False when somebody saved in between."""
    draft = SectionDraft.objects.filter(monitoring_return=seat.monitoring_return, section=Section.NARRATIVE).first()
    data = {**(draft.data if draft else {}), mark: "saved"}
    try:
        save_section(
            monitoring_return=seat.monitoring_return,
            section=Section.NARRATIVE,
            data=data,
            version=draft.version if draft else 0,
            by=seat.user,
            complete=False,
        )
    except StaleDraft:
        return False
    return True


def _marks(seats: list[Seat]) -> set[str]:
    connection.ensure_connection()
    drafts = SectionDraft.objects.filter(
        monitoring_return__in=[seat.monitoring_return for seat in seats], section=Section.NARRATIVE
    )
    return {name for draft in drafts for name in draft.data if name.startswith("w")}
