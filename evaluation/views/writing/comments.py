"""The discussion of a section."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.actions.section_comments import comment_on_section, reopen_comment, resolve_comment
from evaluation.models import ReportSection, SectionComment
from evaluation.reports.errors import ReportRefused
from evaluation.views.writing.common import find_section, section_address, section_context
from evaluation.views.writing.forms import CommentForm
from vru.accounts.permissions import can_write_reports, person, require
from vru.lib.govuk.posted import posted


def discussion(section: ReportSection) -> dict[str, Any]:
    """Remarks with their answers, open ones first; and whether the words each is about are still there."""
    answers = SectionComment.objects.select_related("written_by").order_by("written_at", "pk")
    remarks = (
        section.comments.filter(answers__isnull=True)
        .select_related("written_by", "resolved_by")
        .prefetch_related(Prefetch("answers_given", queryset=answers))
        .order_by("written_at", "pk")
    )
    words = " ".join([*section.key_points, section.text]).split()
    text = " ".join(words)
    rows: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for each in remarks:
        is_lost = bool(each.quote) and each.quote not in text
        rows[each.resolved_at is None].append({"remark": each, "is_lost": is_lost})
    return {"open_comments": rows[True], "settled_comments": rows[False]}


@require(can_write_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A remark, or the answer to the one that ``answers`` names."""
    section = find_section(request, pk, slug)
    named = request.POST.get("answers") or request.GET.get("answers", "")
    remark = None
    if named:
        remarks = section.comments.filter(answers__isnull=True).select_related("written_by")
        remark = get_object_or_404(remarks, pk=named if named.isdecimal() and len(named) < 10 else 0)
    form = CommentForm(posted(request), initial={"quote": request.GET.get("quote", "")[:300]})
    if remark is not None:
        del form.fields["quote"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = comment_on_section(
                section=section, text=data["comment"], quote=data.get("quote", ""), answers=remark, by=person(request)
            )
        except ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(f"{section_address(section)}#comment-{made.pk}")
    title = "Answer a comment" if remark else "Comment on the section"
    context = {**section_context(request, section, title=title), "form": form, "remark": remark}
    return render(request, "evaluation/section_comment.html", context, status=422 if form.errors else 200)


@require(can_write_reports)
@require_POST
def comment_settle(request: HttpRequest, pk: int, slug: str, number: int) -> HttpResponse:
    """Settled, or with ``open`` open again."""
    section = find_section(request, pk, slug)
    remark = get_object_or_404(SectionComment.objects.select_related("section__report"), section=section, pk=number)
    act = reopen_comment if "open" in request.POST else resolve_comment
    try:
        act(comment=remark, by=person(request))
    except ReportRefused as refused:
        messages.error(request, str(refused))
    return redirect(f"{section_address(section)}#comments")
