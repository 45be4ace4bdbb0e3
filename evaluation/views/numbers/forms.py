"""What is typed about numbers."""

from __future__ import annotations

from django import forms

from evaluation.actions.numbers import LONGEST_PLACE, LONGEST_REASON
from programmes.models import SourceDocument


class SourceForm(forms.Form):
    document = forms.ModelChoiceField(
        label="Which document?",
        queryset=SourceDocument.objects.order_by("key"),
        to_field_name="key",
        empty_label="Choose a document",
        error_messages={"required": "Choose the document that the number stands in."},
    )
    place = forms.CharField(
        label="Where in it?",
        max_length=LONGEST_PLACE,
        help_text="So that another person finds it: section, page, table.",
        error_messages={"required": "Say where in the document: section, page or table."},
    )


class DismissForm(forms.Form):
    reason = forms.CharField(
        label="Why may it stay as it is?",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example: it counts the points of the list below it.",
        error_messages={"required": "Say why the number may stay as it is."},
    )
