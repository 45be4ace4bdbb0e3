"""What is typed about a section."""

from __future__ import annotations

from typing import Any

from django import forms

from evaluation.actions.section_comments import LONGEST_COMMENT, LONGEST_QUOTE
from evaluation.actions.section_review import LONGEST_REASON
from evaluation.models import Report, ReportSection
from vru.accounts.models import User
from vru.accounts.permissions import REPORT_WRITERS
from vru.lib.govuk.dates import DatePartsField

MOST_WORDS = 100_000


def lines_of(typed: str) -> list[str]:
    """Key points as typed, one a line."""
    return [" ".join(line.split()) for line in typed.splitlines() if line.strip()]


class SectionTextForm(forms.Form):
    """Whatever is typed is kept as it is: nothing here is ever refused for its form."""

    mark_optional = False

    key_points = forms.CharField(
        label="Key points",
        required=False,
        help_text="One a line. They stand above the section.",
        widget=forms.Textarea(attrs={"rows": 6}),
        strip=False,
    )
    text = forms.CharField(
        label="Text",
        required=False,
        widget=forms.Textarea(attrs={"rows": 26, "class": "app-writing__text", "spellcheck": "true"}),
        strip=False,
    )


class CommentForm(forms.Form):
    mark_optional = False

    quote = forms.CharField(
        label="About which words?",
        required=False,
        max_length=LONGEST_QUOTE,
        help_text="Copy them here, or leave it empty to say something about the whole section.",
    )
    comment = forms.CharField(
        label="Comment",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write the comment."},
    )


class ReasonForm(forms.Form):
    mark_optional = False

    reason = forms.CharField(
        label="What should be changed?",
        max_length=LONGEST_REASON,
        help_text="The writer reads it among the comments.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say what should be changed."},
    )


class AssignForm(forms.Form):
    owner = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label="Who writes it?")
    due_on = DatePartsField(label="Until when?", required=False, help_text="For example, 15 1 2021.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        writers = (
            User.objects.filter(staff_roles__role__in=REPORT_WRITERS, is_active=True).distinct().order_by("name", "pk")
        )
        field = self.fields["owner"]
        field.queryset, field.empty_label = writers, "Nobody yet"  # type: ignore[attr-defined]
        field.label_from_instance = lambda each: each.name  # type: ignore[attr-defined]


class SectionForm(forms.Form):
    """A section's name and what it asks for; with ``report``, also where a new one stands."""

    number = forms.CharField(
        label="Number", max_length=20, required=False, help_text="As printed, for example 2B or Appendix 1."
    )
    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Give the section a title."})
    guidance = forms.CharField(
        label="Guidance",
        max_length=4000,
        required=False,
        help_text="What the reader wants to find here. It is never printed.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    word_limit = forms.IntegerField(
        label="Word limit", min_value=1, max_value=MOST_WORDS, required=False, help_text="Leave empty for none."
    )

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_number(self) -> str:
        return " ".join(self.cleaned_data["number"].split())


class PlaceField(forms.ModelChoiceField):
    def __init__(self, report: Report, leave_out: ReportSection | None = None, **options: Any) -> None:
        listed = report.sections.order_by("order")
        if leave_out is not None:
            listed = listed.exclude(pk=leave_out.pk)
        super().__init__(queryset=listed, required=False, empty_label="First in the report", **options)

    def label_from_instance(self, section: Any) -> str:
        return f"After {section}"


class NewSectionForm(SectionForm):
    def __init__(self, *args: Any, report: Report, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["after"] = PlaceField(report, label="Where?")


class MoveForm(forms.Form):
    def __init__(self, *args: Any, section: ReportSection, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["after"] = PlaceField(section.report, leave_out=section, label="Where should it stand?")
