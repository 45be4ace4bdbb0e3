"""One programme manager with four hundred grants, and the page they open every morning."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from benchmarks.timing import Times, queries_of
from benchmarks.world import CannotMeasure
from grants.models import Commitment, MonitoringReturn
from vru.accounts.models import Role, User
from vru.lib.layers import Layer

GRANTS = 400
TARGET_SECONDS = 0.05
FEW = 40


def measure_today(runs: int) -> dict[str, Any]:
    """*Today* with a few grants and with four hundred: its time, and that its queries do not grow with them."""
    manager = User.objects.with_role(Role.PROGRAMME_MANAGER).order_by("pk").first()
    if manager is None:
        raise CannotMeasure("The demonstration has no programme manager.")
    client = Client(SERVER_NAME="localhost")
    client.force_login(manager)
    client.get(reverse("home"), {"layer": Layer.ILLUSTRATIVE})
    rows = [_measure(client, manager, grants, runs) for grants in (FEW, GRANTS)]
    return {"rows": rows, "runs": runs, "queries_grow": rows[0]["queries"] != rows[1]["queries"]}


def _measure(client: Client, manager: User, grants: int, runs: int) -> dict[str, Any]:
    _give(manager, grants)
    address = reverse("home")
    for _ in range(3):
        if client.get(address).status_code != 200:
            raise CannotMeasure("The page Today did not answer 200.")
    queries = queries_of(lambda: client.get(address))
    times = Times()
    for _ in range(runs):
        times.run(lambda: client.get(address))
    return {
        "what": f"Today, {grants} grants",
        "queries": queries,
        "median_ms": times.median * 1000,
        "p95_ms": times.p95 * 1000,
        "work_p95_ms": times.work_p95 * 1000,
        "target_p95_ms": TARGET_SECONDS * 1000,
        "met": times.p95 < TARGET_SECONDS,
        "met_by_work": times.work_p95 < TARGET_SECONDS,
    }


def _give(manager: User, grants: int) -> None:
    """Exactly this many grants to the manager: the demonstration's, and copies with their returns beyond those."""
    own = Commitment.objects.filter(programme__layer=Layer.ILLUSTRATIVE, kind=Commitment.Kind.GRANT)
    everybody = list(own.order_by("pk"))
    for number in range(len(everybody), grants):
        everybody.append(_copy(everybody[number - len(everybody)], number))
    chosen = {commitment.pk for commitment in everybody[:grants]}
    other = User.objects.with_role(Role.PROGRAMME_MANAGER).exclude(pk=manager.pk).order_by("pk").first()
    for commitment in everybody:
        commitment.manager = manager if commitment.pk in chosen else other
        commitment.save(update_fields=["manager"])


def _copy(commitment: Commitment, number: int) -> Commitment:
    returns = list(commitment.returns.all())
    copy = Commitment.objects.get(pk=commitment.pk)
    copy.pk, copy.ref = None, f"BENCH-{number:04d}"
    copy.save()
    for item in returns:
        item.pk, item.commitment = None, copy
        if item.status in {MonitoringReturn.Status.APPROVED, MonitoringReturn.Status.LOCKED}:
            item.status = MonitoringReturn.Status.OPEN
        item.save()
    return copy
