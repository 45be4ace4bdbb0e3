"""The reports: what is being written, how far each is, and its newest edition."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluation.actions.reports import JOB_KIND
from evaluation.models import Edition, Report, ReportOutline, ReportSection
from programmes.layers import layers_in_use
from programmes.models import Programme
from vru.accounts.permissions import can_make_reports, can_read_everything, person, require
from vru.jobs.models import Job
from vru.lib.layers import Layer

PAGE_SIZE = 30


@require(can_read_everything)
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    kinds = ReportOutline.objects.order_by("title", "kind")
    kind, layer = request.GET.get("kind", ""), request.GET.get("layer", "")
    rows = _with_progress(Report.objects.visible_to(user))
    if kind:
        rows = rows.filter(outline__kind=kind)
    if layer in Layer.values:
        rows = rows.filter(layer=layer)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    titles = _titles(page.object_list)
    context = {
        "page_obj": page,
        "rows": [{"report": each, "about": titles.get(each.subject, each.subject)} for each in page],
        "kinds": list(kinds),
        "kind": kind,
        "layer_filter": layer,
        "layer_choices": [(each, Layer(each).label) for each in layers_in_use()],
        "is_filtered": bool(kind or layer),
        "may_start": can_make_reports(user),
        "being_made": Edition.objects.visible_to(user)
        .filter(built_at=None, job__in=Job.objects.filter(kind=JOB_KIND).live())
        .select_related("report__outline", "job")
        .order_by("pk"),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "evaluation/report_list.html", context)


def _with_progress(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Each report with how many sections it has, how many are approved, and its editions, newest first."""
    sections = ReportSection.objects.filter(report=OuterRef("pk")).order_by().values("report")
    counted = sections.annotate(all=Count("pk"), done=Count("pk", filter=Q(status="approved")))
    editions = Edition.objects.built().select_related("report__outline").order_by("-number")
    return (
        reports.select_related("outline")
        .annotate(
            section_count=Subquery(counted.values("all"), output_field=IntegerField()),
            approved_count=Subquery(counted.values("done"), output_field=IntegerField()),
        )
        .prefetch_related(Prefetch("editions", queryset=editions, to_attr="built_editions"))
        .order_by("-year", "outline__title", "-period", "layer", "subject", "pk")
    )


def _titles(reports: Any) -> dict[str, str]:
    """Titles of the programmes that reports are about, by reference."""
    refs = {report.subject for report in reports if report.subject}
    return dict(Programme.objects.filter(ref__in=refs).values_list("ref", "title")) if refs else {}
