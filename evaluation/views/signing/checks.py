"""The checks before sign-off, and the sentences that some of them ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.actions.explaining import LONGEST_SENTENCE, explain
from evaluation.actions.signing import counted_revisions, signing_refusal
from evaluation.models import Edition
from evaluation.reports.errors import CorruptSnapshot, ReportRefused
from evaluation.signing.comparing import Comparison, compared_with_signed
from evaluation.signing.evidence import stored_facts
from evaluation.signing.run import CheckResult, Judged, SignOff, check_before_signing
from evaluation.views.report_pages import find_edition
from evaluation.views.signing.common import page_of
from grants.actions.locking import to_lock
from vru.accounts.models import User
from vru.accounts.permissions import can_make_reports, can_read_everything, can_write_reports, person, require
from vru.lib.govuk.posted import posted

# A check that finds hundreds says how many; all of them are on its own page.
SHOWN = 12
# What the tag of a check says, and the stored word whose colour it has.
TAGS = {
    "blocks": ("error", "To mend"),
    "explain": ("warning", "To explain"),
    "explained": ("approved", "Explained"),
    "note": ("planned", "To know"),
    "passed": ("passed", "In order"),
}
_GROUPS = (
    ("blocks", "To mend before it can be signed"),
    ("explain", "To explain in a sentence"),
    ("explained", "Explained"),
    ("note", "Worth knowing"),
)


@require(can_read_everything)
@require_safe
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that stands between the edition and a signature, run now; after it, what was printed with it."""
    edition = find_edition(request, pk)
    if edition.signed_at is not None:
        return redirect("evaluation:edition-verify", edition.pk)
    found = check_before_signing(edition)
    user = person(request)
    context = page_of(
        edition,
        "Checks before sign-off",
        sign_off=found,
        groups=[group for group in (_group(found, *each) for each in _GROUPS) if group["results"]],
        passed=[each for each in found.results if each.status == "passed"],
        shown=SHOWN,
        may_explain=can_write_reports(user),
        may_send=can_make_reports(user) and edition.status == Edition.Status.DRAFT,
        may_return=can_make_reports(user) and edition.status == Edition.Status.IN_REVIEW,
        refusal=signing_refusal(user, edition),
        **effects_of(edition),
    )
    return render(request, "evaluation/edition_sign_off.html", context)


def effects_of(edition: Edition) -> dict[str, Any]:
    """What a signature would do: what is printed as changed, which returns are locked, which edition is superseded."""
    try:
        comparison = compared_with_signed(edition, stored_facts(edition))
    except CorruptSnapshot:
        comparison = Comparison()
    counted = counted_revisions(edition)
    return {
        "comparison": comparison,
        "returns_to_lock": to_lock(revision_ids=counted, due_before=edition.as_at).count(),
    }


def _group(found: SignOff, status: str, title: str) -> dict[str, Any]:
    results = [each for each in found.results if each.status == status]
    return {"status": status, "title": title, "results": [_result(each) for each in results]}


def _result(result: CheckResult) -> dict[str, Any]:
    worst_first = sorted(result.judged, key=_rank)
    colour, label = TAGS[result.status]
    return {
        "check": result.check,
        "colour": colour,
        "label": label,
        "judged": worst_first[:SHOWN],
        "more": len(result.judged) - SHOWN,
        "may_explain": bool(result.to_explain),
        "unexplained": len(result.unexplained),
    }


def _rank(judged: Judged) -> int:
    if judged.blocks:
        return 0
    if judged.is_open:
        return 1
    return 2 if judged.explanation is not None else 3


class SentencesForm(forms.Form):
    """One box a finding, and one for all that have none."""

    mark_optional = False

    for_all = forms.CharField(
        label="One sentence for all that have none",
        required=False,
        max_length=LONGEST_SENTENCE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It is printed once, with everything it is about.",
    )

    def __init__(self, judged: list[Judged], data: Any = None) -> None:
        super().__init__(data)
        self.judged = judged
        for place, each in enumerate(judged):
            said = each.explanation.sentence if each.explanation else each.earlier
            self.fields[f"sentence-{place}"] = forms.CharField(
                label=each.finding.text,
                required=False,
                initial=said,
                max_length=LONGEST_SENTENCE,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Something changed since this sentence was written. Read it again." if each.earlier else "",
            )
        if len(judged) < 2:
            del self.fields["for_all"]

    @property
    def sentences(self) -> dict[str, str]:
        """A sentence for each subject; the one for all where the box was left empty."""
        for_all = self.cleaned_data.get("for_all", "").strip()
        return {
            each.finding.subject: self.cleaned_data[f"sentence-{place}"].strip() or for_all
            for place, each in enumerate(self.judged)
        }


@require(can_write_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def explain_check(request: HttpRequest, pk: int, check: str) -> HttpResponse:
    edition = find_edition(request, pk)
    if edition.signed_at is not None:
        return redirect("evaluation:edition-verify", edition.pk)
    result = check_before_signing(edition).result(check)
    if result is None:
        raise Http404("There is no such check.")
    form = SentencesForm(result.to_explain, posted(request))
    if request.method == "POST" and form.is_valid() and _explained(edition, check, form, person(request)):
        messages.success(request, "Your sentences are kept. They are printed with the methods.")
        return redirect("evaluation:sign-off", edition.pk)
    context = page_of(edition, result.check.title, result=result, form=form)
    return render(request, "evaluation/edition_explain.html", context, status=422 if form.errors else 200)


def _explained(edition: Edition, check: str, form: SentencesForm, user: User) -> bool:
    try:
        explain(edition=edition, check_slug=check, sentences=form.sentences, by=user)
    except ReportRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True
