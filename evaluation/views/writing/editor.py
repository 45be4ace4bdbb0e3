"""Writing a section: saved by a button or behind the page, and put together by hand when two people wrote in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_http_methods

from evaluation.actions.section_review import send_for_review
from evaluation.actions.sections import save_section
from evaluation.models import ReportSection
from evaluation.reports.errors import ReportRefused, StaleSection
from evaluation.views.writing.comments import discussion
from evaluation.views.writing.common import find_section, posted_version, section_address, section_context
from evaluation.views.writing.forms import CommentForm, SectionTextForm, lines_of
from evaluation.writing.differences import differences, merge
from evaluation.writing.samples import samples
from evaluation.writing.words import length_of
from grants.views.kept_words import forget_words, kept_words, seal_for, sign_in_first
from vru.accounts.permissions import can_read_everything, can_write_reports, person


@dataclass
class Writing:
    """One request about one section, and what was typed in it."""

    request: HttpRequest
    section: ReportSection

    @property
    def is_autosave(self) -> bool:
        return bool(self.request.htmx)  # type: ignore[attr-defined]

    @cached_property
    def text(self) -> str:
        return self.request.POST.get("text", "").replace("\r\n", "\n")

    @cached_property
    def points(self) -> list[str]:
        return lines_of(self.request.POST.get("key_points", ""))

    @property
    def version(self) -> int:
        return posted_version(self.request)

    def save(self) -> ReportSection:
        saved = save_section(
            section=self.section,
            text=self.text,
            key_points=self.points,
            version=self.version,
            by=person(self.request),
            page=self.request.POST.get("page", "")[:60],
        )
        forget_words(self.request)
        return saved


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Somebody signed out is sent to sign in by this view itself, which first keeps what they typed."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    if not can_read_everything(person(request)):
        raise PermissionDenied
    writing = Writing(request, find_section(request, pk, slug))
    if request.method != "POST":
        return _get(writing)
    if not can_write_reports(person(request)):
        raise PermissionDenied
    return _post(writing)


def _get(writing: Writing) -> HttpResponse:
    item, kept = writing.section, kept_words(writing.request, person(writing.request))
    version = kept.get("version", "")
    form = SectionTextForm(
        initial={
            "text": kept.get("text", item.text),
            "key_points": kept.get("key_points", "\n".join(item.key_points)),
        }
    )
    return _show(writing, form, int(version) if version.isdecimal() else item.version, is_kept=bool(kept))


def _post(writing: Writing) -> HttpResponse:
    try:
        saved = writing.save()
    except StaleSection as stale:
        return _show_both(writing, stale)
    except ReportRefused as refused:
        return _refused(writing, refused)
    if writing.is_autosave:
        length = length_of(saved.text, saved.key_points, saved.word_limit)
        context = {"section": saved, "length": length, "saved_at": timezone.localtime()}
        return render(writing.request, "evaluation/_section_saved.html", context)
    if "send" in writing.request.POST:
        return _send(writing, saved)
    messages.success(writing.request, f"{saved}: saved.")
    # Tells the script in this tab that the server has the words, so that its own copy can go.
    return redirect(f"{section_address(saved)}?saved={saved.slug}")


def _send(writing: Writing, saved: ReportSection) -> HttpResponse:
    try:
        send_for_review(section=saved, by=person(writing.request))
    except ReportRefused as refused:
        messages.error(writing.request, f"The text is saved. {refused}")
    else:
        messages.success(writing.request, "Saved and sent for review. Those who may approve it have been told.")
    return redirect(f"{section_address(saved)}?saved={saved.slug}")


def _show(writing: Writing, form: SectionTextForm, version: int, *, status: int = 200, **more: Any) -> HttpResponse:
    request, item = writing.request, writing.section
    siblings = list(item.report.sections.order_by("order").only("pk", "report_id", "number", "title", "slug"))
    place = next(index for index, each in enumerate(siblings) if each.pk == item.pk)
    context = {
        **section_context(request, item),
        "form": form,
        "version": version,
        "seal": seal_for(person(request), request.path),
        "page_name": f"{secrets.token_hex(4)}:0",
        "length": length_of(item.text, item.key_points, item.word_limit),
        "previous": siblings[place - 1] if place else None,
        "next": siblings[place + 1] if place + 1 < len(siblings) else None,
        "comment_form": CommentForm(auto_id="id_comment_%s"),
        "samples": samples(item.report) if can_write_reports(person(request)) else (),
        "today": timezone.localdate(),
        **discussion(item),
        **more,
    }
    return render(request, "evaluation/section_edit.html", context, status=status)


def _refused(writing: Writing, refused: ReportRefused) -> HttpResponse:
    """The section was taken out meanwhile, or the text cannot be kept: why, and the words still on the page."""
    if writing.is_autosave:
        return HttpResponse(escape(str(refused)), status=422)
    form = SectionTextForm(writing.request.POST)
    form.add_error(None, str(refused))
    return _show(writing, form, writing.version, status=422)


def _show_both(writing: Writing, stale: StaleSection) -> HttpResponse:
    """Both texts, put together as far as they fit. Nothing is changed until the person saves."""
    current = stale.current
    if writing.is_autosave:
        context = {"stale": stale, "is_own": current.updated_by_id == person(writing.request).pk}
        return render(writing.request, "evaluation/_section_conflict_note.html", context, status=409)
    mine, theirs = _joined(writing.text, writing.points), _joined(current.text, current.key_points)
    kept = current.versions.filter(number=writing.version).first()
    base = _joined(kept.text, kept.key_points) if kept else None
    texts = [merge(*each) for each in zip(base, mine, theirs, strict=True)] if base else []
    overlaps = sum(each.overlaps for each in texts)
    together = [each.text for each in texts] or mine
    form = SectionTextForm(initial={"text": together[0], "key_points": together[1]})
    context = {
        **section_context(writing.request, current, title="Two versions"),
        "form": form,
        "current": current,
        "stale": stale,
        "has_base": base is not None,
        "overlaps": overlaps,
        "is_own": current.updated_by_id == person(writing.request).pk,
        "seal": seal_for(person(writing.request), writing.request.path),
        "send": "send" in writing.request.POST,
        "theirs_lines": _lines(base, theirs) if base else [],
        "mine_lines": _lines(base, mine) if base else _lines(theirs, mine),
    }
    return render(writing.request, "evaluation/section_conflict.html", context, status=409)


def _joined(text: str, points: list[str]) -> list[str]:
    return [text, "\n".join(points)]


def _lines(before: list[str], after: list[str]) -> list[Any]:
    """Key points first, as they are read."""
    return [*differences(before[1], after[1]), *differences(before[0], after[0])]
