"""The grantee's pages of one return: task list, sections, check answers, declaration, receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.actions.drafts import save_section
from grants.actions.submission import box_values, drafts_of, sign_revision, submit_return
from grants.errors import ActionRefused, ReturnNotAcceptable, StaleDraft
from grants.models import Measure, MonitoringReturn, Revision, Section, SectionDraft
from grants.questionnaire import Box, boxes_for
from grants.validation import validate
from grants.views.declaration_form import DeclarationForm
from grants.views.known import known_values, last_answers, readable
from grants.views.section_form import build_section_form
from vru.accounts.models import Membership, User
from vru.accounts.permissions import person
from vru.lib.periods import PeriodError, Quarter
from vru.lib.state_machine import TransitionRefused


def visible_return(request: HttpRequest, ref: str, quarter: str) -> MonitoringReturn:
    """The return, if this person may see it; otherwise 404, whoever asks."""
    try:
        period = Quarter.parse(quarter)
    except PeriodError as error:
        raise Http404(str(error)) from error
    visible = MonitoringReturn.objects.visible_to(person(request)).select_related(
        "quarter", "commitment__organisation", "commitment__programme", "commitment__manager"
    )
    return get_object_or_404(visible, commitment__ref=ref, quarter__year=period.year, quarter__number=period.number)


def address(item: MonitoringReturn, name: str, *extra: str) -> str:
    return reverse(f"returns:{name}", args=[item.commitment.ref, item.quarter.key, *extra])


def number_in(request: HttpRequest, name: str) -> int:
    """A hidden field's whole number; 0 when it is missing or was tampered with."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def may_fill_in(user: Any, item: MonitoringReturn) -> bool:
    """Only the organisation's own people fill in its return; staff read and review."""
    return isinstance(user, User) and any(
        membership.organisation_id == item.commitment.organisation_id
        for membership in Membership.objects.current().filter(user=user)
    )


def _context(item: MonitoringReturn, request: HttpRequest, title: str) -> dict[str, Any]:
    crumbs = [
        {"text": "Home", "href": reverse("home")},
        {"text": item.commitment.title, "href": reverse("grants:detail", args=[item.commitment.ref])},
        {"text": f"Return for {item.quarter}", "href": address(item, "tasks")},
    ]
    return {
        "return": item,
        "grant": item.commitment,
        "title": title,
        "crumbs": crumbs,
        "can_edit": item.is_editable and may_fill_in(person(request), item),
        "is_overdue": item.is_overdue(timezone.localdate()),
        "layer": item.commitment.programme.layer,
    }


@require_safe
def return_tasks(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    context = _context(item, request, f"Return for {item.quarter}")
    drafts = {draft.section: draft for draft in item.drafts.all()}
    sections = _sections_with_pages(item, boxes_for(item))
    revision = item.revisions.live().order_by("-number").first()
    # What was sent stands until somebody changes it, so a section of a return that came back is not "not started".
    statuses = {section: _section_status(drafts.get(section.value), revision) for section in sections}
    context["tasks"] = [
        {
            "title": str(section.label),
            "href": address(item, "section", section.value) if context["can_edit"] else None,
            "status": status,
        }
        for section, status in statuses.items()
    ]
    context["sections_done"] = list(statuses.values()).count("completed")
    context["sections_all"] = len(sections)
    context["revision"] = revision
    context["open_queries"] = list(revision.queries.filter(answered_at__isnull=True)) if revision else []
    context["can_sign"] = revision is not None and _may_sign(person(request), item, revision)
    return render(request, "grants/return_tasks.html", context)


def _sections_with_pages(item: MonitoringReturn, boxes: list[Box]) -> list[Section]:
    """The sections to fill in. The declaration is made at the end; it is a section only where it asks questions."""
    asked = {box.section for box in boxes}
    return [section for section in item.sections if section is not Section.DECLARATION or section in asked]


def _section_status(draft: SectionDraft | None, sent: Revision | None) -> str:
    if draft is None:
        return "completed" if sent else "not_started"
    return "completed" if draft.is_complete else "in_progress"


def _may_sign(user: Any, item: MonitoringReturn, revision: Revision) -> bool:
    if item.status != MonitoringReturn.Status.SUBMITTED or revision.signed_at or not item.commitment.needs_signatory:
        return False
    signs = Membership.objects.current().filter(
        user=user, organisation=item.commitment.organisation_id, role=Membership.Role.SIGNATORY
    )
    return signs.exists() and (revision.submitted_by_id != user.pk or bool(item.commitment.sole_officer_waiver))


def _section_boxes(item: MonitoringReturn, letter: str) -> tuple[Section, list[Box]]:
    if letter not in Section.values or Section(letter) not in item.sections:
        raise Http404(f"This return has no section {letter}.")
    section = Section(letter)
    boxes = [box for box in boxes_for(item) if box.section == section]
    if section is Section.DECLARATION and not boxes:
        raise Http404("The declaration is made after the answers are checked.")
    return section, boxes


@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: HttpRequest, ref: str, quarter: str, letter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    section, boxes = _section_boxes(item, letter)
    context = _context(item, request, str(section.label))
    if not context["can_edit"]:
        messages.warning(request, "This return cannot be changed now.")
        return redirect(address(item, "tasks"))
    draft = SectionDraft.objects.filter(monitoring_return=item, section=section).first()
    context["new_people"] = _new_people(item) if section is Section.BREAKDOWNS else ""
    form_class = build_section_form(boxes, known_values(item, boxes))
    if request.method == "POST":
        return _save(request, item, section, form_class(request.POST), context)
    context["is_from_last_quarter"] = False
    typed = drafts_of(item).get(section, {})
    if not typed and draft is None and section is Section.CONTACTS:
        typed = last_answers(item, boxes)
        context["is_from_last_quarter"] = bool(typed)
    initial = {**typed, "version": draft.version if draft else 0}
    return render(
        request, "grants/section_edit.html", {**context, "form": form_class(initial=initial), "section": section}
    )


def _new_people(item: MonitoringReturn) -> str:
    """What was typed as the number of new people: each breakdown must add up to it."""
    draft = item.drafts.filter(section=Section.REACH).first()
    return str(draft.data.get(f"reach.{Measure.NEW.value}", "")) if draft else ""


def _save(
    request: HttpRequest, item: MonitoringReturn, section: Section, form: Any, context: dict[str, Any]
) -> HttpResponse:
    version = number_in(request, "version")
    autosave = bool(request.htmx)  # type: ignore[attr-defined]
    finishing = "finish" in request.POST and not autosave
    # A save that runs behind the page and finds nothing new must not take "finished" back.
    unchanged = SectionDraft.objects.filter(monitoring_return=item, section=section, data=form.typed())
    complete = autosave and unchanged.filter(is_complete=True).exists()
    problems = []
    if finishing:
        outcome = validate(item, {**drafts_of(item), section: form.typed()})
        problems = outcome.errors_in(section)
        complete = not problems
    try:
        draft = save_section(
            monitoring_return=item,
            section=section,
            data=form.typed(),
            version=version,
            by=person(request),
            complete=complete,
        )
    except StaleDraft as stale:
        return _show_both(request, item, section, form, stale, context)
    except ActionRefused as refused:
        if autosave:
            return HttpResponse(escape(str(refused)), status=422)
        form.add_error(None, str(refused))
        return render(request, "grants/section_edit.html", {**context, "form": form, "section": section}, status=422)
    if autosave:
        return render(request, "grants/_section_saved.html", {"draft": draft})
    if problems:
        form.data = form.data.copy()
        form.data["version"] = str(draft.version)
        form.show_problems(problems)
        return render(request, "grants/section_edit.html", {**context, "form": form, "section": section}, status=422)
    messages.success(request, f"{section.label}: saved.")
    return redirect(address(item, "tasks"))


def _show_both(
    request: HttpRequest,
    item: MonitoringReturn,
    section: Section,
    form: Any,
    stale: StaleDraft,
    context: dict[str, Any],
) -> HttpResponse:
    mine, theirs = form.typed(), stale.current.data
    rows = [
        {"box": box, "mine": mine.get(box.name, ""), "theirs": theirs.get(box.name, "")}
        for box in form.boxes
        if mine.get(box.name, "") != theirs.get(box.name, "")
    ]
    both = {**context, "section": section, "rows": rows, "mine": mine, "stale": stale, "current": stale.current}
    template = "grants/_section_conflict_note.html" if request.htmx else "grants/section_conflict.html"  # type: ignore[attr-defined]
    return render(request, template, both, status=409)


@require_safe
def return_check(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    context = _context(item, request, "Check your answers")
    if not context["can_edit"]:
        return redirect(address(item, "tasks"))
    drafts = drafts_of(item)
    outcome = validate(item, drafts)
    context["sections"] = [
        {
            "section": section,
            "href": address(item, "section", section.value),
            "rows": _answers(outcome.boxes, section, drafts.get(section, {})),
        }
        for section in _sections_with_pages(item, outcome.boxes)
    ]
    context["errors"] = [(problem, address(item, "section", problem.section)) for problem in outcome.errors_in_order()]
    context["warnings"] = outcome.warnings_for_grantee()
    return render(request, "grants/return_check.html", context)


def _answers(boxes: list[Box], section: Section, typed: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"key": f"{box.group}: {box.label}" if box.group else box.label, "value": _shown(box, typed[box.name])}
        for box in boxes
        if box.section == section and typed.get(box.name)
    ]


def _shown(box: Box, typed: str) -> str:
    return dict(box.choices).get(typed, typed)


@require_http_methods(["GET", "HEAD", "POST"])
def return_declare(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    context = _context(item, request, "Declaration")
    if not context["can_edit"]:
        return redirect(address(item, "tasks"))
    is_nil = request.POST.get("is_nil") == "yes"
    outcome = validate(item, drafts_of(item), is_nil=is_nil)
    warnings: dict[str, list[Any]] = {}
    for problem in outcome.warnings_for_grantee():
        warnings.setdefault(problem.code, []).append(problem)
    form = DeclarationForm(request.POST or None, warnings=warnings)
    if request.method == "POST" and form.is_valid():
        try:
            submit_return(
                monitoring_return=item,
                by=person(request),
                declared_name=form.cleaned_data["declared_name"],
                explanations=form.explanations(),
                is_nil=is_nil,
                nil_reason=form.cleaned_data["nil_reason"],
            )
        except ReturnNotAcceptable:
            messages.error(request, "There are still things to put right before you submit.")
            return redirect(address(item, "check"))
        except (ActionRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(address(item, "receipt"))
    status = 422 if form.errors else 200
    return render(
        request, "grants/return_declare.html", {**context, "form": form, "errors": outcome.errors}, status=status
    )


@require_safe
def return_receipt(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """What was sent, exactly; also the history, with what each revision changed."""
    item = visible_return(request, ref, quarter)
    revisions = list(
        item.revisions.select_related("submitted_by", "approved_by", "signed_by")
        .prefetch_related("cells", "readings", "spend_lines", "answers", "queries__answered_by")
        .order_by("-number")
    )
    if not revisions:
        return redirect(address(item, "tasks"))
    boxes = boxes_for(item)
    values = box_values(boxes, revisions[0])
    context = _context(item, request, f"Return sent for {item.quarter}")
    context["revisions"] = revisions
    context["sections"] = [
        {"section": section, "rows": _answers(boxes, section, readable(boxes, values))}
        for section in _sections_with_pages(item, boxes)
    ]
    return render(request, "grants/return_receipt.html", context)


@require_POST
def return_sign(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    revision = item.revisions.live().filter(approved_at__isnull=True).first()
    if revision is None:
        raise Http404("There is nothing to sign.")
    if number_in(request, "revision") not in {0, revision.number}:
        messages.error(request, "A newer version was sent after you opened this page. Look at it before you sign.")
        return redirect(address(item, "tasks"))
    try:
        sign_revision(revision=revision, by=person(request))
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "You have signed this return.")
    return redirect(address(item, "tasks"))
