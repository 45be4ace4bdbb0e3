"""The declaration, with a box for the explanation of each warning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from grants.actions.submission import LONGEST_EXPLANATION, LONGEST_NAME, LONGEST_NIL_REASON
from grants.validation import Problem

PREFIX = "explain_"


def _unexplained(problems: list[Problem]) -> str:
    """Names what is to be explained: a list of errors that all read alike tells nobody which is which."""
    return f"Explain in a sentence, or go back and change the answer: {problems[0].message}"


class DeclarationForm(forms.Form):
    mark_optional = False

    is_nil = forms.ChoiceField(
        label="Is there nothing to report this quarter?",
        choices=[("no", "No, I have filled in the return"), ("yes", "Yes, nothing happened this quarter")],
        widget=forms.RadioSelect,
        initial="no",
        required=False,
    )
    nil_reason = forms.CharField(
        label="If there is nothing to report, say why",
        required=False,
        max_length=LONGEST_NIL_REASON,
        widget=forms.TextInput,
    )
    declared_name = forms.CharField(
        label="Your full name",
        help_text="By typing it you declare that, as far as you know, this return is complete and correct.",
        max_length=LONGEST_NAME,
        error_messages={"required": "Type your full name to make the declaration."},
    )

    def __init__(self, data: Any = None, *, warnings: Iterable[Problem], initial: Mapping[str, str] | None = None):
        super().__init__(data, initial=dict(initial or {}))
        self.warnings = by_code(warnings)
        explanations = {
            f"{PREFIX}{code}": forms.CharField(
                label=" ".join(problem.message for problem in problems),
                max_length=LONGEST_EXPLANATION,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": _unexplained(problems)},
            )
            for code, problems in self.warnings.items()
        }
        self.fields = {**explanations, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("is_nil") == "yes" and not cleaned.get("nil_reason", "").strip():
            self.add_error("nil_reason", "Say why there is nothing to report this quarter.")
        return cleaned

    def explanation_fields(self) -> list[tuple[Any, list[Problem]]]:
        """Each box with what it is about."""
        return [(self[f"{PREFIX}{code}"], problems) for code, problems in self.warnings.items()]

    def shown(self) -> list[str]:
        """Posted back, so that a warning which came up meanwhile is not explained unread."""
        return [problem.message for problems in self.warnings.values() for problem in problems]


def by_code(warnings: Iterable[Problem]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in warnings:
        found.setdefault(problem.code, []).append(problem)
    return found


def explanations_in(data: Mapping[str, str]) -> dict[str, str]:
    """The sentences typed, by rule code, whichever warnings there are now."""
    return {name.removeprefix(PREFIX): text for name, text in data.items() if name.startswith(PREFIX)}
