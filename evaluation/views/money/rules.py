"""Funder rules: each met, at risk, broken or not to be said, with the sum behind it; finance writes them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.actions.funder_rules import LONGEST_PLACE, LONGEST_TITLE, save_rule
from evaluation.funder_rules import Outcome, RuleRefused, verdicts_of
from evaluation.position import trace_href
from evaluation.views.scope import page_context, scope_of
from programmes.models import FunderRule, FundingSource
from programmes.views.money.forms import MoneyForm, year_choices
from programmes.views.money.pages import crumbs_to
from vru.accounts.models import User
from vru.accounts.permissions import can_keep_money, can_read_everything, person, require
from vru.lib.govuk.posted import posted
from vru.lib.numbers import NumberKind, NumberProblem, read_number

WORST_FIRST = (Outcome.BROKEN, Outcome.AT_RISK, Outcome.UNKNOWN, Outcome.MET)
BOTH = ["GET", "HEAD", "POST"]


@require(can_read_everything)
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    verdicts = verdicts_of(scope, FunderRule.objects.all())
    counts = Counter(verdict.outcome for verdict in verdicts)
    shown = sorted(verdicts, key=lambda verdict: WORST_FIRST.index(verdict.outcome))
    context = {
        **page_context(scope),
        "verdicts": [
            {"verdict": each, "traces": [(f.label, trace_href(f, scope)) for f in each.figures]} for each in shown
        ],
        "counts": [(outcome, outcome.label, counts[outcome]) for outcome in WORST_FIRST if counts[outcome]],
        "others": FunderRule.objects.exclude(pk__in=FunderRule.objects.in_force_in(scope.year.start)).select_related(
            "source"
        ),
        "may_keep": can_keep_money(person(request)),
    }
    return render(request, "evaluation/rule_list.html", context)


class PercentField(forms.Field):
    """A percentage as people type it: "10", "12.5%". One that could be a fraction (0.25) is refused."""

    widget = forms.TextInput

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        typed = str(value or "").strip()
        if not typed:
            return None
        try:
            return read_number(typed, kind=NumberKind.PERCENT, allow_negative=False).value
        except NumberProblem as problem:
            raise forms.ValidationError(problem.message, code=problem.code) from problem


class RuleForm(MoneyForm):
    source = forms.ModelChoiceField(label="Source of money", queryset=FundingSource.objects.all())
    title = forms.CharField(label="The condition in a few words", max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(label="Kind of condition", choices=FunderRule.Kind.choices, widget=forms.RadioSelect)
    numerator = forms.CharField(
        label="Figure that is counted",
        help_text="As under Figures, for example match.total, or spend.heading heading= with the short name of a cost "
        "heading. A share needs it.",
        max_length=60,
        required=False,
    )
    denominator = forms.CharField(
        label="Figure that it is compared with",
        help_text="For example funding.source or spend.total. A share needs it.",
        max_length=60,
        required=False,
    )
    threshold_percent = PercentField(
        label="Threshold, per cent", help_text="Leave empty where the funder names none.", required=False
    )
    first_year = forms.TypedChoiceField(label="First year", choices=year_choices, coerce=int)
    last_year = forms.TypedChoiceField(
        label="Last year", choices=lambda: [("", "No last year"), *year_choices()], coerce=int, required=False,
        empty_value=None,
    )  # fmt: skip
    place = forms.CharField(
        label="Where is it written?", help_text="For example: grant letter of 2 March, condition 4.",
        max_length=LONGEST_PLACE, required=False,
    )  # fmt: skip

    def __init__(self, data: Any = None, rule: FunderRule | None = None) -> None:
        self.rule = rule
        names = [name for name in self.base_fields if name != "source"]
        super().__init__(data, initial={name: getattr(rule, name) for name in names} if rule else None)
        if rule is not None:
            del self.fields["source"]

    def save(self, by: User) -> None:
        typed = dict(self.cleaned_data)
        source = self.rule.source if self.rule else typed.pop("source")
        save_rule(source=source, rule=self.rule, by=by, **typed)


@require(can_keep_money)
@require_http_methods(BOTH)
def rule_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, RuleForm(posted(request)), "Add a funder rule")


@require(can_keep_money)
@require_http_methods(BOTH)
def rule_edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    rule = get_object_or_404(FunderRule.objects.select_related("source"), pk=rule_id)
    return _edit(request, RuleForm(posted(request), rule), "Change a funder rule", caption=str(rule.source))


def _edit(request: HttpRequest, form: RuleForm, title: str, **extra: Any) -> HttpResponse:
    back = reverse("money-checks:rules")
    if request.method == "POST" and form.is_valid():
        try:
            form.save(person(request))
        except RuleRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The rule is saved.")
            return redirect(back)
    context = {"title": title, "form": form, "back": back, "crumbs": crumbs_to(("Funder rules", back)), **extra}
    return render(request, "programmes/money_form.html", context, status=422 if form.errors else 200)
