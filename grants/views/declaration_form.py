"""The declaration, with a box for the explanation of each warning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from grants.validation import Problem


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
        label="If there is nothing to report, say why", required=False, max_length=300, widget=forms.TextInput
    )
    declared_name = forms.CharField(
        label="Your full name",
        help_text="By typing it you declare that, as far as you know, this return is complete and correct.",
        max_length=200,
        error_messages={"required": "Type your full name to make the declaration."},
    )

    def __init__(self, data: Any = None, *, warnings: Mapping[str, list[Problem]]) -> None:
        super().__init__(data)
        self.codes = list(warnings)
        explanations = {
            f"explain_{code}": forms.CharField(
                label=" ".join(problem.message for problem in problems),
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": _unexplained(problems)},
            )
            for code, problems in warnings.items()
        }
        self.fields = {**explanations, **self.fields}

    def explanations(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"explain_{code}"] for code in self.codes}

    def explanation_fields(self) -> list[Any]:
        return [self[f"explain_{code}"] for code in self.codes]
