"""What anybody may read without signing in: published editions, and where their figures come from.

A trace ends here at what the edition printed: no return, no organisation, and nothing behind a hidden figure.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluation.models import Edition
from evaluation.models.edition import EditionQuerySet
from evaluation.reports.errors import CorruptSnapshot
from evaluation.reports.imprint import Imprint
from evaluation.tracing import facts_of, public_trace
from evaluation.views.reading.common import PAGE_SIZE, searched

EDITIONS_SHOWN = 30


def published_editions() -> EditionQuerySet:
    """Every edition that is open to the public, with what its pages say of it."""
    return Edition.objects.published().select_related("report__outline", "superseded_by")


@login_not_required
@require_safe
def published_list(request: HttpRequest) -> HttpResponse:
    editions = published_editions().order_by("-report__year", "report__outline__title", "-number", "-pk")
    context = {"page_obj": Paginator(editions, EDITIONS_SHOWN).get_page(request.GET.get("page"))}
    return render(request, "evaluation/published_list.html", context)


@login_not_required
@require_safe
def published_edition(request: HttpRequest, pk: int) -> HttpResponse:
    edition = get_object_or_404(published_editions(), pk=pk)
    context = {
        "edition": edition,
        "layer": edition.layer,
        "imprint": Imprint.read(edition.imprint),
        "files": edition.files.filter(is_final=True).order_by("kind"),
        "later": _later(edition),
        "crumbs": [_published()],
    }
    return render(request, "evaluation/published_edition.html", context)


@login_not_required
@require_safe
def published_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """All figures of an edition; with ``key``, what one counts and rests on."""
    edition = get_object_or_404(published_editions(), pk=pk)
    trail = [_published(), {"text": str(edition.report), "href": reverse("evaluation:published-edition", args=[pk])}]
    context = {"edition": edition, "layer": edition.layer, "crumbs": trail}
    try:
        facts = facts_of(edition)
    except CorruptSnapshot:
        return render(request, "evaluation/published_unreadable.html", context, status=503)
    key = " ".join(request.GET.get("key", "").split())
    if not key:
        words, found = searched(request, facts.data["figures"])
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        return render(request, "evaluation/published_figures.html", context | {"text": words, "page_obj": page})
    trace = public_trace(facts, key)
    if trace is None:
        raise Http404("This edition prints no such figure.")
    here = {"text": "Figures", "href": reverse("evaluation:published-figures", args=[pk])}
    context |= {"trace": trace, "printed": trace.printed, "definition": trace.definition, "crumbs": [*trail, here]}
    return render(request, "evaluation/published_trace.html", context)


def _published() -> dict[str, str]:
    return {"text": "Published reports", "href": reverse("evaluation:published")}


def _later(edition: Edition) -> Edition | None:
    """The newest published edition of the same report, where it is not this one."""
    newest = published_editions().filter(report=edition.report).order_by("-number").first()
    return None if newest is None or newest.pk == edition.pk or newest.number < edition.number else newest
