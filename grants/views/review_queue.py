"""A manager's queue: where a return stands in it, and which comes next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from grants.models import MonitoringReturn
from grants.work import reviewing_order
from vru.accounts.models import User
from vru.lib.periods import Quarter


@dataclass(frozen=True, slots=True)
class Place:
    """``number`` of ``total`` (0: not in the queue); addresses of the neighbours, empty where there is none."""

    number: int = 0
    total: int = 0
    previous: str = ""
    next: str = ""


def place_in_queue(user: User, item: MonitoringReturn) -> Place:
    """One query. A return that is not in the queue leads to its first."""
    queue = _queue(user, item)
    keys = [key for key, _ in queue]
    if item.pk not in keys:
        return Place(total=len(queue), next=queue[0][1] if queue else "")
    at = keys.index(item.pk)
    return Place(
        number=at + 1,
        total=len(queue),
        previous=queue[at - 1][1] if at else "",
        next=queue[at + 1][1] if at + 1 < len(queue) else "",
    )


def next_after(user: User, item: MonitoringReturn) -> str:
    """The next return to review, else the first of those left, else home."""
    place = place_in_queue(user, item)
    if place.next:
        return place.next
    others = [address for key, address in _queue(user, item) if key != item.pk]
    return others[0] if others else reverse("home")


def _queue(user: User, item: MonitoringReturn) -> list[tuple[int, str]]:
    """Those of the same layer that are this person's to review, with their addresses, in the order of *Today*."""
    mine = MonitoringReturn.objects.visible_to(user).in_layer(item.commitment.programme.layer).reviewed_by(user)
    rows = reviewing_order(mine.to_review()).values_list("pk", "commitment__ref", "quarter__year", "quarter__number")
    return [(key, reverse("returns:review", args=[ref, Quarter(year, number).key])) for key, ref, year, number in rows]
