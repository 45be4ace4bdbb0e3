"""One small form for each part of a grant's set-up, with the action that saves it."""

from __future__ import annotations

import datetime
from abc import ABCMeta, abstractmethod
from typing import Any, ClassVar

from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils import timezone

from grants.actions import schedule as schedule_actions
from grants.actions import setup as actions
from grants.actions.signing import record_sole_officer_waiver
from grants.models import Commitment, Milestone, Section
from programmes.models import CostHeading, Dimension
from vru.accounts.models import User
from vru.lib.govuk.dates import DatePartsField
from vru.lib.periods import Quarter

MOST_DAYS = 180


def _reason() -> forms.CharField:
    return forms.CharField(
        label="Why does this change?",
        help_text="Kept with the grant.",
        max_length=300,
        error_messages={"required": "Say why this changes."},
    )


class _Abstract(DeclarativeFieldsMetaclass, ABCMeta):
    """A form whose subclasses must say how they are saved."""


class PartForm(forms.Form, metaclass=_Abstract):
    """A part of the set-up of ``grant``."""

    mark_optional = False
    title: ClassVar[str]
    lead: ClassVar[str] = ""

    def __init__(self, grant: Commitment, data: Any = None) -> None:
        self.grant = grant
        super().__init__(data, initial=self.start(grant))

    def start(self, grant: Commitment) -> dict[str, Any]:
        """What the boxes hold before anybody types; empty unless the part has something to show."""
        return {}

    @abstractmethod
    def save(self, by: User) -> None:
        """Call the part's action with what was typed. Raises ``ActionRefused``."""


class ScheduleForm(PartForm):
    title = "When returns are asked for"
    lead = "Returns that have opened keep their dates. Quarters that are over are left as they are."

    schedule = forms.ChoiceField(label="How often?", choices=Commitment.Schedule.choices, widget=forms.RadioSelect)
    due_days = forms.IntegerField(
        label="Days after the end when a return is due",
        help_text="Leave empty for the unit's own rule. A day off moves on to the next working day.",
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
    )
    reason = _reason()

    def start(self, grant: Commitment) -> dict[str, Any]:
        return {"schedule": grant.schedule, "due_days": grant.due_days}

    def save(self, by: User) -> None:
        schedule_actions.change_schedule(
            commitment=self.grant,
            schedule=Commitment.Schedule(self.cleaned_data["schedule"]),
            due_days=self.cleaned_data["due_days"],
            by=by,
            reason=self.cleaned_data["reason"],
            since=timezone.localdate(),
        )


class SectionsForm(PartForm):
    title = "Sections not asked"
    lead = "The declaration is always made. What was sent before stays as it was."

    sections = forms.MultipleChoiceField(
        label="Which sections does this grant not answer?",
        choices=[(each.value, f"{each.value}. {each.label}") for each in Section if each != Section.DECLARATION],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = _reason()

    def start(self, grant: Commitment) -> dict[str, Any]:
        return {"sections": grant.waived_sections}

    def save(self, by: User) -> None:
        actions.waive_sections(
            commitment=self.grant,
            sections=[Section(letter) for letter in self.cleaned_data["sections"]],
            by=by,
            reason=self.cleaned_data["reason"],
        )


class BreakdownsForm(PartForm):
    title = "Breakdowns"
    lead = "Choose none to ask for the standard ones. Each breakdown adds up to the number of new people."

    dimensions = forms.ModelMultipleChoiceField(
        label="Which breakdowns is this grant asked for?",
        queryset=Dimension.objects.exclude(slug=Dimension.TOTAL),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = _reason()

    def start(self, grant: Commitment) -> dict[str, Any]:
        return {"dimensions": list(grant.dimensions.values_list("pk", flat=True))}

    def save(self, by: User) -> None:
        actions.set_breakdowns(
            commitment=self.grant,
            dimensions=list(self.cleaned_data["dimensions"]),
            by=by,
            reason=self.cleaned_data["reason"],
        )


class HeadingsForm(PartForm):
    title = "Cost headings"
    lead = "Choose none to ask for every heading."

    headings = forms.ModelMultipleChoiceField(
        label="Under which headings does this grant report its spend?",
        queryset=CostHeading.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = _reason()

    def start(self, grant: Commitment) -> dict[str, Any]:
        return {"headings": list(grant.headings.values_list("pk", flat=True))}

    def save(self, by: User) -> None:
        actions.set_headings(
            commitment=self.grant,
            headings=list(self.cleaned_data["headings"]),
            by=by,
            reason=self.cleaned_data["reason"],
        )


class AgesForm(PartForm):
    title = "Ages"
    lead = "A return that counts people outside these ages is asked why."

    youngest = forms.IntegerField(label="Youngest age", required=False, min_value=0, max_value=actions.OLDEST_AGE)
    oldest = forms.IntegerField(label="Oldest age", required=False, min_value=0, max_value=actions.OLDEST_AGE)
    reason = _reason()

    def start(self, grant: Commitment) -> dict[str, Any]:
        return {"youngest": grant.youngest_age, "oldest": grant.oldest_age}

    def save(self, by: User) -> None:
        actions.set_ages(
            commitment=self.grant,
            youngest=self.cleaned_data["youngest"],
            oldest=self.cleaned_data["oldest"],
            by=by,
            reason=self.cleaned_data["reason"],
        )


class SignatureForm(PartForm):
    title = "Second signature"

    needed = forms.ChoiceField(
        label="Must a second person sign each return?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
    )
    waiver = forms.CharField(
        label="If one person may submit and sign: why?",
        help_text="Only where the organisation has no second officer. Empty: two people are needed.",
        max_length=300,
        required=False,
    )
    reason = _reason()

    def start(self, grant: Commitment) -> dict[str, Any]:
        return {"needed": "yes" if grant.needs_signatory else "no", "waiver": grant.sole_officer_waiver}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("needed") == "no" and data.get("waiver") and data["waiver"] != self.grant.sole_officer_waiver:
            self.add_error("waiver", "No signature is asked, so there is nothing to waive. Clear this box.")
        return data

    def save(self, by: User) -> None:
        needed = self.cleaned_data["needed"] == "yes"
        if needed != self.grant.needs_signatory:
            actions.set_signature(commitment=self.grant, needed=needed, by=by, reason=self.cleaned_data["reason"])
        if needed and self.cleaned_data["waiver"] != self.grant.sole_officer_waiver:
            record_sole_officer_waiver(commitment=self.grant, by=by, reason=self.cleaned_data["waiver"])


class CopyForm(PartForm):
    title = "Copy from another grant"
    lead = "Takes over sections, breakdowns, cost headings, ages and signature. Dates and milestones stay as they are."

    source = forms.CharField(
        label="Reference of the other grant",
        max_length=40,
        error_messages={"required": "Type the reference of the grant to copy from."},
    )

    def clean_source(self) -> Commitment:
        # Within one layer: what is invented must not set up what is real.
        typed = self.cleaned_data["source"].strip()
        found = Commitment.objects.in_layer(self.grant.programme.layer).grants().filter(ref__iexact=typed).first()
        if found is None:
            raise forms.ValidationError(f"There is no grant with the reference “{typed}”.")
        return found

    def save(self, by: User) -> None:
        actions.copy_setup(commitment=self.grant, source=self.cleaned_data["source"], by=by)


PARTS: dict[str, type[PartForm]] = {
    "schedule": ScheduleForm,
    "sections": SectionsForm,
    "breakdowns": BreakdownsForm,
    "cost-headings": HeadingsForm,
    "ages": AgesForm,
    "signature": SignatureForm,
    "copy": CopyForm,
}


class MilestoneForm(PartForm):
    """One step; ``milestone`` is set where an existing one is changed."""

    name = forms.CharField(
        label="What will have happened?",
        max_length=actions.LONGEST_TITLE,
        error_messages={"required": "Say in a few words what the milestone is."},
    )
    due_on = DatePartsField(label="By when?")
    needs_return = forms.BooleanField(
        label="The grant sends a return for it",
        help_text="Used where returns follow milestones.",
        required=False,
    )

    def __init__(self, grant: Commitment, data: Any = None, *, milestone: Milestone | None = None) -> None:
        self.milestone = milestone
        super().__init__(grant, data)

    def start(self, grant: Commitment) -> dict[str, Any]:
        if self.milestone is None:
            return {"needs_return": grant.schedule == Commitment.Schedule.MILESTONES}
        row = self.milestone
        return {"name": row.title, "due_on": row.due_on, "needs_return": row.needs_return}

    def save(self, by: User) -> None:
        actions.save_milestone(
            commitment=self.grant,
            title=self.cleaned_data["name"],
            due_on=self.cleaned_data["due_on"],
            needs_return=self.cleaned_data["needs_return"],
            by=by,
            milestone=self.milestone,
        )


class AddReturnForm(PartForm):
    """A return on a chosen day, for a grant without a regular schedule."""

    quarter = forms.ChoiceField(label="Which quarter is it about?")
    due_on = DatePartsField(label="When is it due?")

    def __init__(self, grant: Commitment, data: Any = None, *, quarters: list[Quarter]) -> None:
        super().__init__(grant, data)
        self.fields["quarter"].choices = [(each.key, str(each)) for each in quarters]  # type: ignore[attr-defined]

    def save(self, by: User) -> None:
        day: datetime.date = self.cleaned_data["due_on"]
        schedule_actions.add_return(
            commitment=self.grant, quarter=Quarter.parse(self.cleaned_data["quarter"]), due_on=day, by=by
        )
