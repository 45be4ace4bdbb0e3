"""What is sent to add or change programmes, organisations and grants: read strictly, by the readers of the forms.

Only what is given is changed; whether it may stand, the actions decide.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from grants.actions.award_setup import LONGEST_REF, LONGEST_TITLE, OLDEST_AGE
from grants.api.parsing import number_as_typed
from grants.api.serializers import StrictBooleanField, StrictSerializer
from grants.models import Commitment
from programmes.actions.checks import LONGEST_REASON, LONGEST_TEXT
from programmes.models import Programme
from vru.accounts.models import Organisation
from vru.lib.govuk.amounts import PoundsField
from vru.lib.periods import FinancialYear, PeriodError, Quarter

Parsed = TypeVar("Parsed")
MOST_LINES = 1_000
_POUNDS = PoundsField()


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}]})
class PoundsBodyField(serializers.Field):
    """Pence, from pounds as text ("1,234.50") or a JSON number, read as the forms read them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(help_text="Pounds: text such as 1234.50, or a number.", **options)

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, str | Decimal):
            raise serializers.ValidationError("Give pounds as text or as a number.")
        try:
            pence: int = _POUNDS.clean(data if isinstance(data, str) else number_as_typed(data))
        except ValidationError as problem:
            raise serializers.ValidationError(problem.messages) from problem
        return pence

    def to_representation(self, value: Any) -> Any:
        return value


class DayField(serializers.DateField):
    """A day of a year that the site can plan in."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_internal_value(self, data: Any) -> datetime.date:
        day = super().to_internal_value(data)
        try:
            FinancialYear.of(day).next()
        except PeriodError as error:
            raise serializers.ValidationError(str(error)) from error
        return day


@extend_schema_field({"type": "string"})
class YearField(serializers.Field):
    """The year in which a financial year begins, from text such as "2020-21"."""

    def to_internal_value(self, data: Any) -> int:
        return _parsed(FinancialYear.parse, data).start

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "string"})
class QuarterField(serializers.Field):
    """A quarter, from text such as "2020-21Q1"."""

    def to_internal_value(self, data: Any) -> Quarter:
        return _parsed(Quarter.parse, data)

    def to_representation(self, value: Any) -> Any:
        return value


def _parsed(parse: Callable[[str], Parsed], data: Any) -> Parsed:
    if not isinstance(data, str):
        raise serializers.ValidationError("Give text.")
    try:
        return parse(data)
    except PeriodError as error:
        raise serializers.ValidationError(str(error)) from error


def _text(most: int = LONGEST_TEXT, **options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, allow_blank=True, required=False, **options)


def _ref(most: int = 60, **options: Any) -> serializers.CharField:
    """The reference or short name of another thing; null for none."""
    return serializers.CharField(max_length=most, allow_null=True, required=False, **options)


@extend_schema_field({"type": "string"})
class WordField(serializers.ChoiceField):
    """A word of a known list, in the document as text: named lists of one name would collide there."""


def _word(choices: type[models.TextChoices], **options: Any) -> WordField:
    return WordField(choices=choices.choices, help_text=f"One of: {', '.join(choices.values)}.", **options)


def _age() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=OLDEST_AGE, allow_null=True, required=False)


class WeightBodySerializer(StrictSerializer):
    number = serializers.IntegerField(min_value=1, max_value=1_000, help_text="The objective's number.")
    percent = serializers.IntegerField(min_value=1, max_value=100)


class ProgrammeChangeSerializer(StrictSerializer):
    title = serializers.CharField(max_length=300, required=False)
    summary = _text()
    part_of = _ref(help_text="The programme that this is a project of.")
    theme = _ref()
    decision = _ref()
    manager_email = _ref(254, help_text="Of the manager: somebody of the unit.")
    starts_on = DayField(allow_null=True, required=False)
    ends_on = DayField(allow_null=True, required=False)
    target_group = _text()
    need = _text()
    youngest_age = _age()
    oldest_age = _age()
    objective = serializers.IntegerField(
        min_value=1, max_value=1_000, required=False, help_text="Number of the main objective."
    )
    objectives = WeightBodySerializer(  # type: ignore[call-arg]  # A list of them takes it.
        many=True, required=False, max_length=100, help_text="All of them; the percentages add up to 100."
    )
    level = _word(Programme.Level, required=False)
    areas = serializers.ListField(
        child=serializers.CharField(max_length=12), required=False, max_length=MOST_LINES, help_text="Codes of areas."
    )


class ProgrammeAddSerializer(ProgrammeChangeSerializer):
    ref = serializers.CharField(max_length=40, help_text="Letters and a number. It cannot be changed later.")
    title = serializers.CharField(max_length=300)


class StatusBodySerializer(StrictSerializer):
    status = _word(Programme.Status)
    reason = _text(LONGEST_REASON, help_text="Needed to pause, close or cancel.")


def _number() -> serializers.CharField:
    return serializers.CharField(max_length=60, allow_blank=True, allow_null=True, required=False)


class OrganisationChangeSerializer(StrictSerializer):
    name = serializers.CharField(max_length=200, required=False)
    kind = _word(Organisation.Kind, required=False)
    charity_number = _number()
    company_number = _number()
    authority_code = _number()
    school_urn = _number()
    nhs_code = _number()
    postcode = _number()
    postal_address = _text(1_000, allow_null=True)
    website = _text(200, allow_null=True)
    confirmed = StrictBooleanField(
        default=False, help_text="true: it is another organisation that happens to have a name already known."
    )


class OrganisationAddSerializer(OrganisationChangeSerializer):
    name = serializers.CharField(max_length=200)
    kind = _word(Organisation.Kind)


class SplitBodySerializer(StrictSerializer):
    source = serializers.CharField(max_length=60)  # type: ignore[assignment]
    year = YearField(help_text='A financial year, such as "2020-21".')
    amount = PoundsBodyField()


class AreaShareBodySerializer(StrictSerializer):
    code = serializers.CharField(max_length=12)
    amount = PoundsBodyField()


class ProfileLineBodySerializer(StrictSerializer):
    quarter = QuarterField(help_text="Such as 2020-21Q1.")
    heading = serializers.CharField(max_length=60)
    amount = PoundsBodyField()


class GrantChangeSerializer(StrictSerializer):
    ref = serializers.CharField(max_length=LONGEST_REF, required=False)
    title = serializers.CharField(max_length=LONGEST_TITLE, required=False)
    description = _text()
    kind = _word(Commitment.Kind, required=False)
    organisation = serializers.CharField(max_length=40, required=False, help_text="The reference of who receives it.")
    category = serializers.CharField(max_length=60, required=False)
    decision = _ref()
    manager_email = _ref(254, help_text="Of a programme manager.")
    youngest_age = _age()
    oldest_age = _age()
    award = PoundsBodyField(required=False)
    starts_on = DayField(required=False)
    ends_on = DayField(required=False)
    splits = SplitBodySerializer(  # type: ignore[call-arg]  # A list of them takes it.
        many=True, required=False, max_length=MOST_LINES, help_text="All of them; at most the award."
    )
    areas = AreaShareBodySerializer(  # type: ignore[call-arg]  # A list of them takes it.
        many=True, required=False, max_length=MOST_LINES, help_text="All of them; exactly the award."
    )
    profile = ProfileLineBodySerializer(  # type: ignore[call-arg]  # A list of them takes it.
        many=True, required=False, max_length=MOST_LINES, help_text="The whole of it; at most the award."
    )


class GrantAddSerializer(GrantChangeSerializer):
    programme = serializers.CharField(max_length=40)
    organisation = serializers.CharField(max_length=40, help_text="The reference of who receives it.")
    title = serializers.CharField(max_length=LONGEST_TITLE)
    copy_from = _ref(help_text="An award whose plan is taken over, one year later.")
