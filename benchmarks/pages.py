"""Every main page, opened by the person whose page it is: time, time as a multiple of a page of nothing, queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models.functions import Length
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from benchmarks.timing import Times, in_turns, queries_of
from benchmarks.world import CannotMeasure, Cast
from evaluation.models import ReportSection
from vru.accounts.models import User
from vru.lib.layers import Layer

REFERENCE = "health"
TARGET_P95_SECONDS = 0.05
WARM_UP = 3


@dataclass(frozen=True)
class Page:
    name: str
    user: User | None
    address: str
    layer: str = Layer.ILLUSTRATIVE


def pages_of(cast: Cast) -> list[Page]:
    director, manager, grantee = cast.director, cast.manager, cast.grantee
    draft = [cast.draft.commitment.ref, cast.draft.quarter.key]
    sent = [cast.submitted.commitment.ref, cast.submitted.quarter.key]
    figures = reverse("evaluation:figures")
    figure = f"{reverse('evaluation:figure')}?{urlencode({'key': 'reach.new'})}"
    published = Layer.PUBLISHED
    return [
        Page(REFERENCE, None, reverse("health")),
        Page("home: grantee", grantee, reverse("home")),
        Page("home: manager (today)", manager, reverse("home")),
        Page("home: director (position)", director, reverse("home")),
        Page("home: director, published", director, reverse("home"), published),
        Page("programmes", director, reverse("programmes:list")),
        Page("one programme", director, reverse("programme", args=[cast.draft.commitment.programme.ref])),
        Page("grants", manager, reverse("grants:list")),
        Page("one grant", manager, reverse("grants:detail", args=draft[:1])),
        Page("return: task list", grantee, reverse("returns:tasks", args=draft)),
        Page(f"return: section {cast.section}", grantee, reverse("returns:section", args=[*draft, cast.section.value])),
        Page("return: check answers", grantee, reverse("returns:check", args=draft)),
        Page("return: review", manager, reverse("returns:review", args=sent)),
        Page("results", director, reverse("evaluation:results")),
        Page("results, published", director, reverse("evaluation:results"), published),
        Page("logic model", director, reverse("evaluation:logic-model")),
        Page("figures", director, figures),
        Page("figures, published", director, figures, published),
        Page("trace of one figure", director, figure),
        Page("statements, published", director, reverse("evaluation:statements"), published),
        Page("data issues, published", director, reverse("evaluation:issues"), published),
        Page("reports", director, reverse("evaluation:reports")),
        *_of_a_report(director),
    ]


def _of_a_report(director: User) -> list[Page]:
    """The annual report being written, and its longest section. Raises CannotMeasure unless it was begun."""
    sections = ReportSection.objects.filter(report__layer=Layer.ILLUSTRATIVE).annotate(length=Length("text"))
    longest = sections.order_by("-length", "pk").first()
    if longest is None:
        raise CannotMeasure("No report was begun, so its pages cannot be opened.")
    report, spot = [longest.report_id], [longest.report_id, longest.slug]
    return [
        Page("report", director, reverse("evaluation:report-page", args=report)),
        Page("report: order of sections", director, reverse("evaluation:sections", args=report)),
        Page("report: section editor", director, reverse("evaluation:section", args=spot)),
        Page("report: section preview", director, reverse("evaluation:section-preview", args=spot)),
        Page("report: section history", director, reverse("evaluation:section-history", args=spot)),
        Page("report: numbers", director, reverse("evaluation:numbers", args=report)),
        Page("report: picker of figures", director, reverse("evaluation:report-figures", args=report)),
        Page("case studies", director, reverse("evaluation:case-studies")),
        Page("published reports", None, reverse("evaluation:published")),
    ]


def measure_pages(cast: Cast, runs: int) -> dict[str, Any]:
    """Raises CannotMeasure when a page does not answer 200: the time of an error page says nothing."""
    pages = pages_of(cast)
    openers = {page.name: opener(page) for page in pages}
    broken = {name: sorted({opener() for _ in range(WARM_UP)} - {200}) for name, opener in openers.items()}
    if any(broken.values()):
        raise CannotMeasure("; ".join(f'The page "{name}" answered {codes}' for name, codes in broken.items() if codes))
    queries = {name: queries_of(opener) for name, opener in openers.items()}
    times = in_turns(openers, runs)
    reference = times[REFERENCE]
    rows = [_row(page, times[page.name], reference, queries[page.name]) for page in pages]
    return {"reference": REFERENCE, "runs": runs, "target_p95_ms": TARGET_P95_SECONDS * 1000, "rows": rows}


def _row(page: Page, times: Times, reference: Times, queries: int) -> dict[str, Any]:
    return {
        "page": page.name,
        "address": page.address,
        "layer": page.layer,
        "ratio_median": times.work_median / reference.work_median,
        "ratio_p95": times.work_p95 / reference.work_median,
        "queries": queries,
        "work_median_ms": times.work_median * 1000,
        "work_p95_ms": times.work_p95 * 1000,
        "median_ms": times.median * 1000,
        "p95_ms": times.p95 * 1000,
        "met": times.p95 < TARGET_P95_SECONDS,
        "met_by_work": times.work_p95 < TARGET_P95_SECONDS,
    }


def opener(page: Page) -> Callable[[], int]:
    """Opens the page through all middleware, as the person, and gives the status; the whole body is made."""
    client = Client(SERVER_NAME="localhost")
    if page.user is not None:
        client.force_login(page.user)
        if page.user.is_staff_member:
            # Chosen once, as a person does; the address that is timed is the plain one.
            client.get(reverse("home"), {"layer": page.layer})

    def open_page() -> int:
        response: HttpResponse = client.get(page.address)  # type: ignore[assignment]
        return response.status_code if response.content else 0

    return open_page
