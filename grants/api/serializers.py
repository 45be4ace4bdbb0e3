"""The shapes of requests and answers: what is read strictly, and what the OpenAPI document says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from grants.api.parsing import number_as_typed
from grants.models import MonitoringReturn, Revision, Section
from grants.questionnaire import BoxKind

MOST_EXPLAINED = 2000


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}]})
class TypedField(serializers.Field):
    """What is typed into a box: text, or a JSON number, kept to the last digit; null or blank empties the box."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str):
            return data
        if isinstance(data, Decimal):
            return number_as_typed(data)
        raise serializers.ValidationError("Give text or a number.")

    def to_representation(self, value: Any) -> Any:
        return value


class StrictBooleanField(serializers.BooleanField):
    """true or false, and nothing that merely looks like one."""

    def to_internal_value(self, data: Any) -> bool:
        if data is True or data is False:
            return data
        raise serializers.ValidationError("Give true or false.")


class StrictSerializer(serializers.Serializer):
    """Refuses names it does not know: a misspelt one must not be lost without a word."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = [name for name in data if name not in self.fields] if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError({name[:100]: ["There is no such field."] for name in unknown[:20]})
        return super().to_internal_value(data)


class VersionsField(serializers.DictField):
    """Version by section letter."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.IntegerField(min_value=0, max_value=999_999_999), **options)

    def to_internal_value(self, data: Any) -> dict[Section, int]:
        read = super().to_internal_value(data)
        unknown = [letter for letter in read if letter not in Section.values]
        if unknown:
            raise serializers.ValidationError({letter[:100]: ["There is no such section."] for letter in unknown[:20]})
        return {Section(letter): number for letter, number in read.items()}


class DraftBodySerializer(StrictSerializer):
    values = serializers.DictField(child=TypedField(), help_text="What is typed, by box name.")
    versions = VersionsField(
        required=False, help_text="The versions you started from, by section. If-Match says the same in a header."
    )


class ValidationBodySerializer(StrictSerializer):
    values = serializers.DictField(
        child=TypedField(), required=False, help_text="A whole return to check. Without it the saved draft is checked."
    )
    is_nil = StrictBooleanField(default=False)


class SubmissionBodySerializer(StrictSerializer):
    declared_name = serializers.CharField(
        max_length=200, help_text="The full name of the person who declares that the return is complete and correct."
    )
    explanations = serializers.DictField(
        child=serializers.CharField(max_length=MOST_EXPLAINED, allow_blank=True),
        default=dict,
        help_text="A sentence for each warning, by its code.",
    )
    is_nil = StrictBooleanField(default=False)
    nil_reason = serializers.CharField(max_length=300, allow_blank=True, default="")
    versions = VersionsField(
        required=False, help_text="Send only if the draft is still this. If-Match says the same in a header."
    )


class FindingSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="The rule, such as R101; empty for a mistake in the request itself.")
    section = serializers.CharField()
    field = serializers.CharField(help_text="The name of the box, or empty for a section as a whole.")
    message = serializers.CharField()
    value = serializers.CharField(help_text="What was found there, cut short.")


class ProblemSerializer(serializers.Serializer):
    type = serializers.CharField(help_text="Which kind of refusal, such as urn:vru:problem:stale-draft.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and how to mend it.")
    errors = FindingSerializer(many=True)  # type: ignore[assignment]


class ConflictSerializer(serializers.Serializer):
    section = serializers.CharField()
    version = serializers.IntegerField()
    saved_by = serializers.CharField()
    saved_at = serializers.DateTimeField()
    saved = serializers.DictField(child=serializers.CharField(allow_blank=True))
    yours = serializers.DictField(child=serializers.CharField(allow_blank=True))


class ConflictProblemSerializer(ProblemSerializer):
    conflicts = ConflictSerializer(many=True, required=False, help_text="Both texts of each section saved meanwhile.")


class UnacceptableProblemSerializer(ProblemSerializer):
    warnings = FindingSerializer(many=True, required=False)


class LockSerializer(serializers.Serializer):
    code = serializers.CharField()
    reason = serializers.CharField()
    next_step = serializers.CharField()


class ReturnSerializer(serializers.Serializer):
    grant = serializers.CharField(help_text="The grant's reference.")
    quarter = serializers.CharField(help_text="Such as 2020-21Q2.")
    title = serializers.CharField()
    organisation = serializers.CharField()
    status = serializers.ChoiceField(MonitoringReturn.Status.choices)
    opens_on = serializers.DateField()
    due_on = serializers.DateField()
    is_overdue = serializers.BooleanField()
    address = serializers.CharField(help_text="The address of this return in the API.")


class ReturnListSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True, help_text="The address of the next page.")
    previous = serializers.CharField(allow_null=True)
    results = ReturnSerializer(many=True)


class SentSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    submitted_at = serializers.DateTimeField()
    channel = serializers.ChoiceField(Revision.Channel.choices)
    is_nil = serializers.BooleanField()
    signature_needed = serializers.BooleanField()
    is_approved = serializers.BooleanField()


class QuerySerializer(serializers.Serializer):
    section = serializers.CharField()
    text = serializers.CharField()


class ReturnDetailSerializer(ReturnSerializer):
    sections = serializers.DictField(child=serializers.CharField(), help_text="Titles by letter.")
    lock = LockSerializer(allow_null=True, help_text="Why it cannot be changed now; null while it can.")
    versions = serializers.DictField(child=serializers.IntegerField(), help_text="Of each section's draft.")
    sent = SentSerializer(allow_null=True, help_text="The version sent last.")
    queries = QuerySerializer(many=True, help_text="Questions of the unit still to be answered, on the site.")
    page = serializers.CharField(help_text="The address of this return on the site.")


class ChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class BoxSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="The key of its text in a draft.")
    section = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    group = serializers.CharField()
    hint = serializers.CharField()
    kind = serializers.ChoiceField([kind.value for kind in BoxKind])
    required = serializers.BooleanField()  # type: ignore[assignment]
    choices = ChoiceSerializer(many=True)
    last_quarter = serializers.CharField(help_text="What was sent last quarter, as it can be sent again.")
    year_before = serializers.CharField(help_text="The year to date before this quarter, as text.")
    target = serializers.CharField(help_text="The target agreed, as text.")
    plan = serializers.CharField(help_text="The spend profiled for the quarter, as text.")


class TemplateSerializer(serializers.Serializer):
    grant = serializers.CharField()
    quarter = serializers.CharField()
    sections = serializers.DictField(child=serializers.CharField())
    boxes = BoxSerializer(many=True)


class DraftSerializer(serializers.Serializer):
    grant = serializers.CharField()
    quarter = serializers.CharField()
    status = serializers.ChoiceField(MonitoringReturn.Status.choices)
    versions = serializers.DictField(child=serializers.IntegerField())
    values = serializers.DictField(child=serializers.CharField())


class ValidationSerializer(serializers.Serializer):
    acceptable = serializers.BooleanField()
    errors = FindingSerializer(many=True)  # type: ignore[assignment]
    warnings = FindingSerializer(many=True)


class ReceiptSerializer(serializers.Serializer):
    reference = serializers.CharField()
    grant = serializers.CharField()
    quarter = serializers.CharField()
    number = serializers.IntegerField(help_text="1 for the first version sent, 2 for the next.")
    status = serializers.ChoiceField(MonitoringReturn.Status.choices)
    submitted_at = serializers.DateTimeField()
    submitted_by = serializers.CharField()
    is_nil = serializers.BooleanField()
    signature_needed = serializers.BooleanField(help_text="Whether a second person has still to sign it on the site.")
    receipt = serializers.CharField(help_text="The address of the receipt on the site.")
