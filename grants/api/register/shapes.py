"""The shapes of programmes, grants and organisations, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.db import models
from rest_framework import serializers

from grants.models import Commitment, MonitoringReturn
from programmes.models import Programme
from vru.accounts.models import Organisation
from vru.lib.layers import Layer

MONEY = "Pounds and pence as text, such as 1234.50."


def _word(choices: type[models.TextChoices]) -> serializers.CharField:
    """A word of a known list, said in the description: named lists of one name would collide in the document."""
    return serializers.CharField(help_text=f"One of: {', '.join(choices.values)}.")


class MoneyField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(help_text=MONEY, **options)


class ProgrammeRowSerializer(serializers.Serializer):
    ref = serializers.CharField()
    title = serializers.CharField()
    layer = _word(Layer)
    status = _word(Programme.Status)
    level = _word(Programme.Level)
    theme = serializers.CharField(allow_null=True)
    objective = serializers.IntegerField(allow_null=True, help_text="Number of the main objective.")
    part_of = serializers.CharField(allow_null=True, help_text="The programme that this is a project of.")
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    address = serializers.URLField()


class WeightSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    percent = serializers.IntegerField()


class PlaceSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class WardSerializer(serializers.Serializer):
    name = serializers.CharField()
    area = serializers.CharField()
    code = serializers.CharField(allow_null=True)


class BudgetSerializer(serializers.Serializer):
    year = serializers.CharField()
    category = serializers.CharField()
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    amount = MoneyField()


class ProgrammeDetailSerializer(ProgrammeRowSerializer):
    summary = serializers.CharField()
    target_group = serializers.CharField()
    need = serializers.CharField()
    youngest_age = serializers.IntegerField(allow_null=True)
    oldest_age = serializers.IntegerField(allow_null=True)
    manager = serializers.CharField(allow_null=True)
    decision = serializers.CharField(allow_null=True)
    objectives = WeightSerializer(many=True)
    areas = PlaceSerializer(many=True)
    wards = WardSerializer(many=True)
    projects = serializers.ListField(child=serializers.CharField())
    budget = BudgetSerializer(many=True)
    page = serializers.URLField()


class HolderSerializer(serializers.Serializer):
    ref = serializers.CharField()
    name = serializers.CharField()


class GrantRowSerializer(serializers.Serializer):
    ref = serializers.CharField()
    kind = _word(Commitment.Kind)
    title = serializers.CharField()
    layer = _word(Layer)
    status = _word(Commitment.Status)
    programme = serializers.CharField()
    organisation = HolderSerializer()
    award = MoneyField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    address = serializers.URLField()


class ShareSerializer(PlaceSerializer):
    amount = MoneyField()


class ProfileLineSerializer(serializers.Serializer):
    quarter = serializers.CharField()
    heading = serializers.CharField()
    amount = MoneyField()


class PartnerSerializer(HolderSerializer):
    share = MoneyField()


class ReturnOfGrantSerializer(serializers.Serializer):
    quarter = serializers.CharField()
    status = _word(MonitoringReturn.Status)
    due_on = serializers.DateField()


class SplitSerializer(serializers.Serializer):
    source = serializers.CharField()  # type: ignore[assignment]
    year = serializers.CharField()
    amount = MoneyField()


class GrantDetailSerializer(GrantRowSerializer):
    description = serializers.CharField()
    category = serializers.CharField()
    youngest_age = serializers.IntegerField(allow_null=True)
    oldest_age = serializers.IntegerField(allow_null=True)
    awarded_on = serializers.DateField(allow_null=True)
    manager = serializers.CharField(allow_null=True)
    paid = MoneyField()
    to_be_recovered = MoneyField()
    areas = ShareSerializer(many=True)
    profile = ProfileLineSerializer(many=True)
    partners = PartnerSerializer(many=True)
    returns = ReturnOfGrantSerializer(many=True)
    page = serializers.URLField()
    decision = serializers.CharField(allow_null=True, required=False, help_text="For staff only.")
    splits = SplitSerializer(many=True, required=False, help_text="For staff only.")


class OrganisationRowSerializer(serializers.Serializer):
    ref = serializers.CharField()
    name = serializers.CharField()
    kind = _word(Organisation.Kind)
    layer = _word(Layer)
    org_id = serializers.CharField(allow_null=True)
    charity_number = serializers.CharField(allow_null=True)
    company_number = serializers.CharField(allow_null=True)
    address = serializers.URLField()


class GrantOfOrganisationSerializer(serializers.Serializer):
    ref = serializers.CharField()
    title = serializers.CharField()
    status = _word(Commitment.Status)


class OrganisationDetailSerializer(OrganisationRowSerializer):
    authority_code = serializers.CharField(allow_null=True)
    school_urn = serializers.CharField(allow_null=True)
    nhs_code = serializers.CharField(allow_null=True)
    postal_address = serializers.CharField(allow_null=True)
    postcode = serializers.CharField(allow_null=True)
    website = serializers.CharField(allow_null=True)
    former_names = serializers.ListField(child=serializers.CharField())
    merged_into = serializers.CharField(allow_null=True)
    grants = GrantOfOrganisationSerializer(many=True)


class OrganisationSavedSerializer(OrganisationDetailSerializer):
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What was mended in the numbers, such as zeros put back."
    )


class _ListSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class ProgrammeListSerializer(_ListSerializer):
    results = ProgrammeRowSerializer(many=True)


class GrantListSerializer(_ListSerializer):
    results = GrantRowSerializer(many=True)


class OrganisationListSerializer(_ListSerializer):
    results = OrganisationRowSerializer(many=True)
