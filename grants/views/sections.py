"""One section of a return: shown, saved behind the page or by a button, copied from last quarter, and put together
again when two people wrote in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_http_methods

from grants.actions.drafts import save_section
from grants.answers.known import known_values, last_answers
from grants.answers.values import drafts_of
from grants.errors import ActionRefused, StaleDraft
from grants.models import MonitoringReturn, Section, SectionDraft
from grants.questionnaire import boxes_for
from grants.questionnaire.boxes import Box
from grants.questionnaire.progress import NEW_PEOPLE, next_section, progress_of
from grants.timetable.locks import lock_of
from grants.validation import Problem, validate
from grants.views.attachments import attachments_of
from grants.views.conflict import conflict_context, differences, settled
from grants.views.kept_words import forget_words, kept_words, seal_for, sign_in_first
from grants.views.return_page import address, may_fill_in, number_in, return_context, visible_return
from grants.views.section_form import SectionForm
from vru.accounts.permissions import person


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One request about one section of a return."""

    request: HttpRequest
    item: MonitoringReturn
    section: Section
    boxes: list[Box]

    @property
    def is_autosave(self) -> bool:
        return bool(self.request.htmx)  # type: ignore[attr-defined]

    @property
    def finishing(self) -> bool:
        return "finish" in self.request.POST and not self.is_autosave

    def draft(self) -> SectionDraft | None:
        rows = SectionDraft.objects.filter(monitoring_return=self.item, section=self.section)
        return rows.select_related("saved_by").first()

    def form(self, *, data: Any = None, initial: dict[str, Any] | None = None) -> SectionForm:
        new = _new_people(self.item) if self.section is Section.BREAKDOWNS else ""
        return SectionForm(
            self.boxes, known=known_values(self.item, self.boxes), data=data, initial=initial, new_people=new
        )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: HttpRequest, ref: str, quarter: str, letter: str) -> HttpResponse:
    """Somebody signed out is sent to sign in by this view itself, which first keeps what they typed."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    item = visible_return(request, ref, quarter)
    page = SectionPage(request, item, *_section_boxes(item, letter))
    if not may_fill_in(person(request), item):
        if request.method == "POST":
            raise PermissionDenied
        messages.warning(request, "Only the organisation's own people fill in its return.")
        return redirect(address(item, "tasks"))
    if request.method == "POST":
        return _post(page)
    if lock_of(item, timezone.localdate()) is not None:
        return redirect(address(item, "tasks"))
    return _get(page)


def _section_boxes(item: MonitoringReturn, letter: str) -> tuple[Section, list[Box]]:
    if letter not in Section.values or Section(letter) not in item.sections:
        raise Http404(f"This return has no section {letter}.")
    section = Section(letter)
    boxes = boxes_for(item, sections=[section])
    if section is Section.DECLARATION and not boxes:
        raise Http404("The declaration is made after the answers are checked.")
    return section, boxes


def _new_people(item: MonitoringReturn) -> str:
    """What was typed as the number of new people, or sent: each breakdown must add up to it."""
    draft = item.drafts.filter(section=Section.REACH).first()
    typed = draft.data if draft else drafts_of(item).get(Section.REACH, {})
    return str(typed.get(NEW_PEOPLE, ""))


def _get(page: SectionPage) -> HttpResponse:
    draft = page.draft()
    version = draft.version if draft else 0
    kept = kept_words(page.request, person(page.request))
    from_last_quarter = False
    if kept:
        typed, version = kept, int(kept.get("version", "0")) if kept.get("version", "0").isdecimal() else version
    elif draft is not None:
        typed = draft.data
    else:
        typed = drafts_of(page.item).get(page.section, {})
        if not typed and page.section is Section.CONTACTS:
            typed = last_answers(page.item, page.boxes)
            from_last_quarter = bool(typed)
    form = page.form(initial=typed)
    return _show(page, form, version, is_from_last_quarter=from_last_quarter, is_kept=bool(kept))


def _show(page: SectionPage, form: SectionForm, version: int, *, status: int = 200, **more: Any) -> HttpResponse:
    request, item = page.request, page.item
    context = {
        **return_context(item, request, str(page.section.label)),
        "section": page.section.value,
        "form": form,
        "version": version,
        "seal": seal_for(person(request), request.path),
        "needed": form.needed(),
        "needed_left": form.needed_left(),
        "copyable": form.copyable(),
        "files": attachments_of(item) if page.section is Section.EVIDENCE else None,
        **more,
    }
    return render(request, "grants/section_edit.html", context, status=status)


def _last_to_copy(page: SectionPage) -> dict[str, str]:
    """Last quarter's answers to the questions whose answers seldom change. Never a count or a sum of money."""
    repeating = [box for box in page.boxes if box.question and box.question.can_repeat]
    return last_answers(page.item, repeating) if repeating else {}


def _post(page: SectionPage) -> HttpResponse:
    form = SectionForm(page.boxes, known={}, data=page.request.POST)
    typed, version = form.typed(), number_in(page.request, "version")
    if "copy" in page.request.POST:
        return _copy(page, typed, version)
    if "resolve" in page.request.POST:
        return _resolve(page, typed, version)
    return _save(page, typed, version)


def _copy(page: SectionPage, typed: dict[str, str], version: int) -> HttpResponse:
    """Fill what is empty with last quarter's answers. What was typed stays."""
    data = {**_last_to_copy(page), **typed}
    copied = len(data) - len(typed)
    try:
        _store(page, data, version, complete=False)
    except StaleDraft as stale:
        return _show_both(page, typed, stale)
    except ActionRefused as refused:
        return _refused(page, refused)
    if copied:
        messages.success(page.request, "Copied from last quarter. Check that each answer is still right.")
    return redirect(page.request.path)


def _resolve(page: SectionPage, typed: dict[str, str], version: int) -> HttpResponse:
    """The two versions are put together as chosen, unless somebody saved a third meanwhile."""
    saved = page.draft()
    if saved is None:
        return _save(page, typed, version)
    if saved.version != version:
        return _show_both(page, typed, StaleDraft(saved))
    found = differences(page.boxes, typed, saved, page.request.POST)
    if any(not each.chosen for each in found):
        return _show_both(page, typed, StaleDraft(saved), asked=True)
    return _save(page, settled(typed, found), version)


def _save(page: SectionPage, typed: dict[str, str], version: int) -> HttpResponse:
    problems: list[Problem] = []
    complete = False
    if page.finishing:
        problems = validate(page.item, {**drafts_of(page.item), page.section: typed}).errors_in(page.section)
        complete = not problems
    elif page.is_autosave:
        # A save that runs behind the page and finds nothing new must not take "finished" back.
        same = SectionDraft.objects.filter(monitoring_return=page.item, section=page.section, data=typed)
        complete = same.filter(is_complete=True).exists()
    try:
        draft = _store(page, typed, version, complete=complete)
    except StaleDraft as stale:
        return _show_both(page, typed, stale)
    except ActionRefused as refused:
        return _refused(page, refused)
    if page.is_autosave:
        return render(page.request, "grants/_section_saved.html", {"draft": draft})
    if problems:
        form = page.form(data=page.request.POST if "resolve" not in page.request.POST else typed)
        form.show_problems(problems)
        return _show(page, form, draft.version, status=422)
    messages.success(page.request, f"{page.section.label}: saved.")
    onward = _onward(page) if page.finishing else address(page.item, "tasks")
    # Tells the script in this tab that the server has the section, so that its own copy can go.
    return redirect(f"{onward}?saved={page.section.value}")


def _store(page: SectionPage, data: dict[str, str], version: int, *, complete: bool) -> SectionDraft:
    draft = save_section(
        monitoring_return=page.item,
        section=page.section,
        data=data,
        version=version,
        by=person(page.request),
        complete=complete,
        page=page.request.POST.get("page", "")[:60],
    )
    forget_words(page.request)
    return draft


def _onward(page: SectionPage) -> str:
    """Where "Save and continue" leads: the next section that is needed and not finished, at the end the check."""
    boxes = boxes_for(page.item)
    drafts = {draft.section: draft for draft in page.item.drafts.all()}
    sent = page.item.revisions.live().first()
    progress = progress_of(page.item.sections, boxes, drafts, sent)
    following = next_section(progress, page.section)
    return address(page.item, "section", following.value) if following else address(page.item, "check")


def _refused(page: SectionPage, refused: ActionRefused) -> HttpResponse:
    """The return was closed meanwhile, or a text cannot be kept: why, and the words still on the page."""
    if page.is_autosave:
        return HttpResponse(escape(str(refused)), status=422)
    form = page.form(data=page.request.POST)
    form.add_error(None, str(refused))
    return _show(page, form, number_in(page.request, "version"), status=422)


def _show_both(page: SectionPage, mine: dict[str, str], stale: StaleDraft, *, asked: bool = False) -> HttpResponse:
    request, saved = page.request, stale.current
    if page.is_autosave:
        return render(request, "grants/_section_conflict_note.html", {"stale": stale}, status=409)
    found = differences(page.boxes, mine, saved, request.POST)
    context = {
        **return_context(page.item, request, str(page.section.label)),
        **conflict_context(mine, saved, found, asked=asked),
        "stale": stale,
        "finish": page.finishing,
        "seal": seal_for(person(request), request.path),
    }
    return render(request, "grants/section_conflict.html", context, status=422 if asked else 409)
