"""Programmes, grants and money: every page as it is read with the demonstration and with ten times as much."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from benchmarks.pages import REFERENCE, WARM_UP, Page, opener
from benchmarks.timing import Times, in_turns, queries_of
from benchmarks.world import YEAR, CannotMeasure
from grants.models import Commitment, Payment, PaymentRun
from programmes.models import Area, BudgetLine, FundingSource, Programme
from vru.accounts.models import Organisation, Role, User
from vru.lib.layers import Layer

TARGETS_MS = {"S": 50.0, "10 × S": 80.0}
LAYER = Layer.ILLUSTRATIVE


def money_pages() -> list[Page]:
    """Each with the record that has most to show. Raises CannotMeasure when the demonstration lacks one."""
    people = {
        role: User.objects.with_role(role).order_by("pk").first()
        for role in (Role.DIRECTOR, Role.PROGRAMME_MANAGER, Role.FINANCE_OFFICER)
    }
    if None in people.values():
        raise CannotMeasure("The demonstration has no director, programme manager or finance officer.")
    manager, keeper = people[Role.PROGRAMME_MANAGER], people[Role.FINANCE_OFFICER]
    return [
        Page(REFERENCE, None, reverse("health")),
        *_of_programmes(people[Role.DIRECTOR]),
        *_of_grants(manager),
        *_of_organisations(manager),
        *_of_money(keeper),
        *_finding(people[Role.DIRECTOR]),
    ]


def _of_programmes(director: User | None) -> list[Page]:
    whole = Programme.objects.filter(layer=LAYER).annotate(n=Count("commitments")).order_by("-n", "pk")[:1].get()
    addresses = {
        "programmes": reverse("programmes:list"),
        "programme": reverse("programme", args=[whole.ref]),
        "programme: grants": reverse("programme:grants", args=[whole.ref]),
        "programme: money": reverse("programme:money", args=[whole.ref]),
        "programme: records": reverse("programmes:records", args=[whole.ref]),
        "programme: history": reverse("programme:history", args=[whole.ref]),
        "decisions": reverse("decisions:list"),
        "strategy": reverse("strategy:progress"),
    }
    return [Page(name, director, address) for name, address in addresses.items()]


def _of_grants(manager: User | None) -> list[Page]:
    listed, busiest = reverse("grants:list"), _grant()
    asked = {"text": "mentor", "status": "active", "year": str(YEAR)}
    addresses = {
        "grants": listed,
        "grants: filtered": f"{listed}?{urlencode(asked)}",
        "grants: sorted by award": f"{listed}?{urlencode({'sort': '-award'})}",
        "grants: last page": f"{listed}?{urlencode({'page': 'last'})}",
        **{
            f"grant: {name}": reverse(f"grants:{name}", args=[busiest.ref])
            for name in ("detail", "money", "all-returns", "results", "people", "documents", "timeline")
        },
    }
    return [Page(name, manager, address) for name, address in addresses.items()]


def _of_organisations(manager: User | None) -> list[Page]:
    largest = Organisation.objects.annotate(n=Count("commitments")).order_by("-n", "pk")[:1].get()
    addresses = {
        "organisations": reverse("organisations:list"),
        "organisation": reverse("organisations:detail", args=[largest.ref]),
        "due diligence": reverse("organisations:checks-due"),
    }
    return [Page(name, manager, address) for name, address in addresses.items()]


def _of_money(keeper: User | None) -> list[Page]:
    source = FundingSource.objects.annotate(n=Count("splits")).order_by("-n", "pk")[:1].get()
    line = BudgetLine.objects.filter(layer=LAYER).order_by("pk")[:1].get()
    run = PaymentRun.objects.filter(layer=LAYER).annotate(n=Count("lines")).order_by("-n", "pk")[:1].get()
    addresses = {
        **{name: reverse(f"funding:{name}") for name in ("agreements", "budget")},
        "budget line": reverse("funding:budget-line", args=[line.ref]),
        "sources": reverse("money-checks:sources"),
        "source": reverse("money-checks:source", args=[source.slug]),
        "rules": reverse("money-checks:rules"),
        "reconciliation": reverse("money-checks:reconciliation"),
        **{
            name: reverse(f"money:{name}")
            for name in ("variance", "underspend", "virements", "variations", "payments", "runs", "debts", "ledger")
        },
        "run": reverse("money:run", args=[run.ref]),
        "run: make": reverse("money:run-make"),
    }
    return [Page(name, keeper, address) for name, address in addresses.items()]


def _finding(director: User | None) -> list[Page]:
    area = Area.objects.filter(code__startswith="E09").annotate(n=Count("shares")).order_by("-n", "pk")[:1].get()
    addresses = {
        "search: mentor": f"{reverse('search')}?{urlencode({'q': 'mentor'})}",
        "search: no such word": f"{reverse('search')}?{urlencode({'q': 'quixotic'})}",
        "areas": reverse("areas:list"),
        "area": reverse("areas:detail", args=[area.code]),
    }
    return [Page(name, director, address) for name, address in addresses.items()]


def _grant() -> Commitment:
    paid = Payment.objects.in_layer(LAYER).values("commitment").annotate(n=Count("pk")).order_by("-n", "commitment")
    first = paid.values_list("commitment", flat=True).first()
    return Commitment.objects.get(pk=first)


def measure_money_pages(pages: list[Page], runs: int) -> dict[str, dict[str, Any]]:
    """By the page's name. Raises CannotMeasure when a page does not answer 200."""
    openers = {page.name: opener(page) for page in pages}
    broken = {name: sorted({opens() for _ in range(WARM_UP)} - {200}) for name, opens in openers.items()}
    if any(broken.values()):
        raise CannotMeasure("; ".join(f'The page "{name}" answered {codes}' for name, codes in broken.items() if codes))
    queries = {name: queries_of(opens) for name, opens in openers.items()}
    times = in_turns(openers, runs)
    reference = times[REFERENCE]
    return {name: _measured(times[name], reference, queries[name]) for name in openers}


def _measured(times: Times, reference: Times, queries: int) -> dict[str, Any]:
    return {
        "ratio": times.work_median / reference.work_median,
        "queries": queries,
        "median_ms": times.median * 1000,
        "p95_ms": times.p95 * 1000,
        "work_p95_ms": times.work_p95 * 1000,
    }


def page_rows(sizes: dict[str, dict[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """A row for each page with both sizes side by side; met when both are, and the queries are the same in number."""
    names = list(sizes["S"])
    rows = []
    for name in names:
        row: dict[str, Any] = {"page": name, "sizes": {size: pages[name] for size, pages in sizes.items()}}
        row["queries_grow"] = len({pages[name]["queries"] for pages in sizes.values()}) > 1
        for verdict, time in (("met", "p95_ms"), ("met_by_work", "work_p95_ms")):
            row[verdict] = all(pages[name][time] < TARGETS_MS[size] for size, pages in sizes.items())
        rows.append(row)
    return rows
