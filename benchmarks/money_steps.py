"""Files that come and go, and a run of payments: exports, the register, the ledger, and five hundred payments."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.timing import Times, queries_of
from benchmarks.world import YEAR, CannotMeasure
from grants.actions.payment_paying import export_run, mark_paid
from grants.actions.payment_runs import approve_run, make_run, propose_run
from grants.imports.ledger import dry_run, import_ledger
from grants.imports.register import apply_register, check_register
from grants.models import Commitment, ExportLayout, Payment
from programmes.models import Allocation, Area, BudgetCategory, FundingSource
from vru.accounts.models import Organisation, Role, User
from vru.lib.layers import Layer
from vru.lib.tables import read_table

ROWS = 5_000
PAYMENTS = 500
RUN_TARGET_SECONDS = 2.0
# A batch of rows, a writer's buffer: what an export of any length may hold on to beside one of a tenth.
FLAT_MIB = 16.0
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def measure_exports() -> list[dict[str, Any]]:
    """Each file written out once to warm up and once to measure: seconds, lines, and how far memory rose."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(_person(Role.FINANCE_OFFICER))
    client.get(reverse("home"), {"layer": Layer.ILLUSTRATIVE})
    addresses = {
        f"{name} ({ending})": reverse(route, args=[*arguments, ending])
        for name, route, arguments in (
            ("grants", "grants:export", ()),
            ("programmes", "programmes:export", ()),
            ("variance", "money:variance-export", ()),
            ("ledger", "money:ledger-export", ()),
            ("budgets", "exports:file", ("budgets",)),
            ("returns", "exports:file", ("returns",)),
        )
        for ending in ("csv", "xlsx")
    }
    return [{"what": what, **_exported(client, address)} for what, address in addresses.items()]


def _exported(client: Client, address: str) -> dict[str, Any]:
    _drain(client, address)
    before = _forget_peak()
    wall = time.perf_counter()
    size, lines = _drain(client, address)
    took = time.perf_counter() - wall
    return {"took_s": took, "bytes": size, "lines": lines, "grew_mib": max(0.0, _status("VmHWM") - before)}


def _drain(client: Client, address: str) -> tuple[int, int]:
    """Bytes and lines of the file, read as they come and not kept. Raises CannotMeasure."""
    response = client.get(address)
    if response.status_code != 200 or not response.streaming:
        raise CannotMeasure(f"The file {address} answered {response.status_code}, or not as a stream.")
    size = lines = 0
    for piece in response.streaming_content:
        size, lines = size + len(piece), lines + piece.count(b"\n")
    response.close()
    return size, lines


def _forget_peak() -> float:
    """Memory held now in MiB, and the high-water mark brought down to it, where Linux lets us."""
    try:
        _CLEAR.write_text("5")
    except OSError:
        return _status("VmHWM")
    return _status("VmRSS")


def _status(name: str) -> float:
    if not _STATUS.exists():
        return 0.0
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


def flat_rows(sizes: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Small and large side by side: flat when the large one rose no further than the small one and a buffer."""
    return [
        {"what": small["what"], "S": small, "10 × S": large, "met": large["grew_mib"] <= small["grew_mib"] + FLAT_MIB}
        for small, large in zip(*sizes.values(), strict=True)
    ]


def measure_steps() -> dict[str, Any]:
    """Imports of 5,000 rows, and the way of 500 payments from a draft to paid. Writes to the layer of real records."""
    register = _measure_register()
    return {"imports": [*register, *_measure_ledger()], "run": _measure_run(), "run_target_s": RUN_TARGET_SECONDS}


def _measure_register() -> list[dict[str, Any]]:
    layer, manager = Layer.RECORDED.value, _person(Role.PROGRAMME_MANAGER)
    source = FundingSource.objects.order_by("order", "pk")[:1].get()
    Allocation.objects.create(source=source, year=YEAR.start, layer=layer, amount_pence=10**13)
    data = _register(source)
    tables: list[Any] = []
    read = _timed(f"register of {ROWS} rows: read", lambda: tables.append(read_table(data, "register.csv")))
    plans: list[Any] = []
    checked = _timed("register: checked", lambda: plans.append(check_register(tables[0], layer=layer)))
    if not plans[0].ok:
        first = plans[0].register.problems[0]
        raise CannotMeasure(f"The register of the benchmark has a problem in row {first.row}: {first.message}")
    today = timezone.localdate()
    applied = _timed(
        "register: taken over",
        lambda: apply_register(tables[0], layer=layer, columns=None, by=manager, today=today, agreed=plans[0].digest),
    )
    again = _timed("register again: nothing changes", lambda: check_register(tables[0], layer=layer))
    return [read, checked, applied, again]


def _register(source: FundingSource) -> bytes:
    """A grant a row; 1,000 organisations and 50 programmes."""
    category = BudgetCategory.objects.order_by("pk")[:1].get()
    places = list(Area.objects.filter(code__startswith="E09").order_by("code").values_list("name", flat=True))
    target = io.StringIO()
    writer = csv.writer(target)
    headings = ("Programme ref", "Programme", "Level", "Grantee", "Organisation kind", "Grant ref", "Title", "Category")
    writer.writerow((*headings, "Status", "Award", "Start", "End", "Source", "Year", "Boroughs"))
    for row in range(ROWS):
        programme, body = row % 50, row % 1_000
        boroughs = "; ".join(sorted({places[row % len(places)], places[row // 7 % len(places)]}))
        writer.writerow(
            (f"BENCH-P{programme}", f"Measured programme {programme}", "Several areas", f"Measured body {body}",
             "Charity", f"BENCH-G{row}", f"Measured work {row}", category.title, "Active", f"£{20_000 + row}.50",
             "01/04/2020", "31 March 2021", source.title, "2020/21", boroughs)
        )  # fmt: skip
    return target.getvalue().encode()


def _measure_ledger() -> list[dict[str, Any]]:
    """Lines for 4,900 of our payments, by their references, and 100 that are nobody's."""
    paid = Payment.objects.in_layer(Layer.ILLUSTRATIVE).filter(status=Payment.Status.PAID, is_credit_note=False)
    ours = paid.filter(paid_on__range=(YEAR.starts_on, YEAR.ends_on)).select_related("commitment").order_by("pk")
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(("Posting date", "Document number", "Amount GBP"))
    written = 0
    for payment in ours[: ROWS - 100]:
        reference = f"{payment.commitment.ref}-{payment.number:02d}"
        writer.writerow((payment.paid_on.isoformat(), reference, f"{payment.amount_pence / 100:.2f}"))
        written += 1
    for number in range(ROWS - written):
        writer.writerow((YEAR.ends_on.isoformat(), f"BANK-{number}", "12.00"))
    data, keeper = target.getvalue().encode(), _person(Role.FINANCE_OFFICER)
    columns = {"posted_on": "Posting date", "reference": "Document number", "amount": "Amount GBP"}
    how = {"data": data, "name": "ledger.csv", "year": YEAR.start, "layer": Layer.ILLUSTRATIVE.value}
    dry = _timed(f"ledger of {ROWS} lines: read and matched", lambda: dry_run(**how, columns=columns))
    taken = _timed("ledger: taken in", lambda: import_ledger(**how, columns=columns, by=keeper))
    return [dry, taken]


def _measure_run() -> list[dict[str, Any]]:
    """Five hundred grants of the register just taken over are each due a payment; each step as its button does it."""
    keeper, director, today = _person(Role.FINANCE_OFFICER), _person(Role.DIRECTOR), timezone.localdate()
    layer = Layer.RECORDED.value
    grants = list(Commitment.objects.filter(ref__startswith="BENCH-G").order_by("pk")[:PAYMENTS])
    named = Organisation.objects.filter(commitments__in=grants).distinct()
    Organisation.objects.filter(pk__in=named.values("pk")).update(supplier_reference="BENCH")
    Payment.objects.bulk_create(
        Payment(commitment=grant, number=1, amount_pence=5_000_00, due_on=today) for grant in grants
    )
    layout = ExportLayout.objects.order_by("-is_default", "pk")[:1].get()
    runs: list[Any] = []
    steps: dict[str, Callable[[], Any]] = {
        "made": lambda: runs.append(make_run(layer=layer, pay_on=today, layout=layout, by=keeper)),
        "proposed": lambda: propose_run(run=runs[0], by=keeper),
        "approved": lambda: approve_run(run=runs[0], by=director),
        "exported": lambda: export_run(run=runs[0], by=keeper),
        "marked as paid": lambda: mark_paid(run=runs[0], paid_on=today, by=keeper),
    }
    measured = [_timed(what, step) for what, step in steps.items()]
    if runs[0].lines.live().filter(payment__status=Payment.Status.PAID).count() != PAYMENTS:
        raise CannotMeasure(f"The run of the benchmark did not pay its {PAYMENTS} payments.")
    return measured


def _timed(what: str, step: Callable[[], Any]) -> dict[str, Any]:
    """Once, because it writes; the queries are counted meanwhile, which costs about a tenth of a millisecond each."""
    times, asked = Times(), []
    times.run(lambda: asked.append(queries_of(step)))
    return {"what": what, "took_s": times.wall[0], "work_s": times.work[0], "queries": asked[0]}


def _person(role: Role) -> User:
    person: User | None = User.objects.with_role(role).order_by("pk").first()
    if person is None:
        raise CannotMeasure(f"The demonstration has no {role.label.lower()}.")
    return person
