"""The register of organisations: numbers, names, contacts, checks and mergers, by role."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grants.actions.organisations import merge_organisations, why_not
from grants.errors import ActionRefused
from tests.cast import Cast, World
from tests.factories import (
    ApiTokenFactory,
    CommitmentFactory,
    ConsortiumPartnerFactory,
    ContactFactory,
    DueDiligenceCheckFactory,
    FormerNameFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
)
from vru.accounts.actions.organisation_details import end_contact, record_check, save_contact, set_policy
from vru.accounts.actions.organisations import (
    Details,
    LooksLikeAnother,
    OrganisationRefused,
    add_organisation,
    edit_organisation,
    set_supplier_reference,
)
from vru.accounts.models import AuditEvent, DueDiligenceCheck, Membership, Organisation
from vru.lib.layers import Layer

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2020, 9, 1)
EDITORS = ("programme_manager", "finance_officer", "administrator")
# Every foreign key to an organisation, and what a merger does with it.
MERGED = {
    "accounts.Membership": "moves",
    "accounts.Invitation": "moves",
    "accounts.Delegation": "moves",
    "accounts.ApiToken": "ends",
    "accounts.Contact": "moves",
    "accounts.FormerName": "copied",
    "accounts.OrganisationPolicy": "stays",
    "accounts.DueDiligenceCheck": "stays",
    "accounts.Organisation": "moves",
    "grants.Commitment": "moves",
    "grants.ConsortiumPartner": "moves",
}


def details(**said: str) -> Details:
    return Details(**({"name": "Example Trust", "kind": "charity"} | said))


def add(cast: Cast, **said: Any) -> Organisation:
    confirmed = said.pop("confirmed", False)
    saved = add_organisation(
        details=details(**said), layer=Layer.RECORDED, by=cast.programme_manager, confirmed=confirmed
    )
    return saved.organisation


def merge(cast: Cast, stays: Organisation, goes: Organisation) -> Organisation:
    return merge_organisations(
        stays=stays, goes=goes, by=cast.programme_manager, reason="They became one charity.", on=TODAY
    )


def test_numbers_are_kept_as_their_registers_write_them_and_what_was_mended_is_said(cast: Cast) -> None:
    saved = add_organisation(
        details=details(charity_number="1234567-2", company_number="123456"),
        layer=Layer.RECORDED,
        by=cast.programme_manager,
    )
    assert (saved.organisation.charity_number, saved.organisation.company_number) == ("1234567", "00123456")
    assert len(saved.notes) == 2
    assert saved.organisation.org_id == "GB-CHC-1234567"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"charity_number": "12"}, "charity_number"),
        ({"company_number": "none of it"}, "company_number"),
        ({"school_urn": "1"}, "school_urn"),
        ({"website": "not a site"}, "website"),
        ({"name": "x"}, "name"),
        ({"name": "Hidden\u202ename"}, "name"),
        ({"kind": "circus"}, "kind"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_box(cast: Cast, said: dict[str, str], field: str) -> None:
    with pytest.raises(OrganisationRefused) as refusal:
        add(cast, **said)
    assert refusal.value.field == field


def test_a_number_that_another_organisation_has_is_refused_with_that_organisation(cast: Cast) -> None:
    there = add(cast, charity_number="1234567")
    with pytest.raises(OrganisationRefused, match="Example Trust has the charity number") as refusal:
        add(cast, name="Somebody else", charity_number="1234567")
    assert refusal.value.existing == there


def test_the_database_refuses_the_same_number_twice_in_a_layer() -> None:
    OrganisationFactory(charity_number="1234567")
    OrganisationFactory(charity_number="1234567", layer=Layer.ILLUSTRATIVE)
    with pytest.raises(IntegrityError):
        OrganisationFactory(charity_number="1234567")


def test_a_name_somebody_else_has_or_had_is_asked_about(cast: Cast) -> None:
    FormerNameFactory(organisation=OrganisationFactory(name="Renamed"), name="Old Friends")
    with pytest.raises(LooksLikeAnother, match="Renamed"):
        add(cast, name="old friends")
    assert add(cast, name="old friends", confirmed=True).name == "old friends"


def test_a_name_that_is_given_up_is_kept_and_one_taken_up_again_is_no_former_name(cast: Cast) -> None:
    there = add(cast)
    for name in ("New Trust", "Example Trust"):
        edit_organisation(organisation=there, details=details(name=name), by=cast.finance_officer, today=TODAY)
    assert list(there.former_names.values_list("name", flat=True)) == ["New Trust"]


@pytest.mark.parametrize("name", ["director", "analyst", "auditor", "grantee", "outside_grantee"])
def test_only_editors_change_the_register(cast: Cast, name: str) -> None:
    with pytest.raises(OrganisationRefused, match="Only"):
        add_organisation(details=details(), layer=Layer.RECORDED, by=cast.named(name))


def test_only_finance_officers_set_the_supplier_reference_and_no_two_share_one(cast: Cast) -> None:
    one, two = OrganisationFactory(), OrganisationFactory()
    with pytest.raises(OrganisationRefused, match="Only finance officers"):
        set_supplier_reference(organisation=one, reference="S-1", by=cast.programme_manager)
    set_supplier_reference(organisation=one, reference="S-1", by=cast.finance_officer)
    with pytest.raises(OrganisationRefused, match="has this supplier reference"):
        set_supplier_reference(organisation=two, reference="s-1", by=cast.finance_officer)


def test_the_organisations_own_people_keep_contacts_and_policies_and_nobody_elses(cast: Cast) -> None:
    ours = cast.grantee.memberships.get().organisation
    contact = save_contact(
        organisation=ours, kind="safeguarding", name="Ada Lead", phone="020 7946 0000", by=cast.grantee
    )
    set_policy(
        organisation=ours, kind="safeguarding", approved_on=TODAY, review_on=None, today=TODAY, by=cast.signatory
    )
    end_contact(contact=contact, on=TODAY, by=cast.grantee)
    assert not ours.contacts.current().exists()
    for stranger in (cast.outside_grantee, cast.nobody, cast.analyst):
        with pytest.raises(OrganisationRefused, match="Only people who act"):
            save_contact(organisation=ours, kind="main", name="X", email="x@example.org", by=stranger)


def test_a_contact_needs_a_way_to_be_reached(cast: Cast) -> None:
    with pytest.raises(OrganisationRefused, match="email address or a telephone"):
        save_contact(organisation=OrganisationFactory(), kind="main", name="Ada", by=cast.programme_manager)


def test_a_new_check_is_a_new_row_and_the_latest_counts(cast: Cast) -> None:
    ours = OrganisationFactory()
    asked = {"organisation": ours, "kind": "accounts", "today": TODAY, "by": cast.programme_manager}
    with pytest.raises(OrganisationRefused, match="why the check was not simply passed"):
        record_check(**asked, outcome="failed", checked_on=TODAY, expires_on=None, note="")
    record_check(**asked, outcome="failed", checked_on=TODAY, expires_on=None, note="Two years late.")
    record_check(**asked, outcome="passed", checked_on=TODAY, expires_on=None, note="")
    assert ours.due_diligence_checks.count() == 2
    assert DueDiligenceCheck.objects.last_of_each().get(organisation=ours).outcome == "passed"


def test_a_merger_moves_awards_people_contacts_and_names_and_keeps_the_row(cast: Cast) -> None:
    stays = OrganisationFactory(name="Stays", charity_number="1234567")
    goes = OrganisationFactory(name="Goes", charity_number="7654321")
    earlier = OrganisationFactory(name="Earlier", merged_into=goes, merged_on=TODAY)
    FormerNameFactory(organisation=goes, name="Went before")
    grant, person = CommitmentFactory(organisation=goes), MembershipFactory(organisation=goes)
    both = MembershipFactory(organisation=goes, role=Membership.Role.SIGNATORY)
    MembershipFactory(organisation=stays, user=both.user, role=Membership.Role.SIGNATORY)
    contact, invitation = ContactFactory(organisation=goes), InvitationFactory(organisation=goes)
    check, key = DueDiligenceCheckFactory(organisation=goes), ApiTokenFactory(organisation=goes)
    merge(cast, stays, goes)
    for row in (grant, person, both, contact, invitation, check, key, goes, earlier):
        row.refresh_from_db()
    assert {grant.organisation, person.organisation, contact.organisation, invitation.organisation} == {stays}
    assert (goes.merged_into, goes.merged_on, goes.charity_number) == (stays, TODAY, "7654321")
    assert earlier.merged_into == stays
    assert both.ended_at is not None
    assert check.organisation == goes
    assert key.revoked_at is not None
    assert set(stays.former_names.values_list("name", flat=True)) == {"Goes", "Went before"}
    assert {event.action for event in AuditEvent.objects.about(goes)} == {"merged into another organisation"}
    assert AuditEvent.objects.about(grant).filter(action="organisation merged").exists()


def test_the_merger_decides_about_everything_that_belongs_to_an_organisation() -> None:
    held = {
        relation.related_model._meta.label
        for relation in Organisation._meta.get_fields()
        if isinstance(relation, models.ManyToOneRel)
    }
    assert held == set(MERGED)


def test_what_cannot_be_merged_is_refused_with_the_reason(cast: Cast) -> None:
    one, two = OrganisationFactory(), OrganisationFactory()
    other_layer = OrganisationFactory(layer=Layer.ILLUSTRATIVE)
    gone = OrganisationFactory(name="Gone", merged_into=two, merged_on=TODAY)
    assert "into itself" in why_not(one, one)
    assert "layers" in why_not(one, other_layer)
    assert "Gone was merged" in why_not(one, gone)
    ConsortiumPartnerFactory(commitment=CommitmentFactory(organisation=one), organisation=two)
    assert "Both take part" in why_not(one, two)
    with pytest.raises(ActionRefused, match="Both take part"):
        merge(cast, one, two)
    with pytest.raises(ActionRefused, match="Only programme managers"):
        merge_organisations(stays=one, goes=gone, by=cast.director, reason="x", on=TODAY)


def client_of(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.named(name))
    return client


def test_a_merged_organisations_page_leads_to_the_one_that_stays(cast: Cast) -> None:
    stays, goes = OrganisationFactory(name="Stays"), OrganisationFactory(name="Goes")
    client = client_of(cast, "programme_manager")
    asked = client.get(reverse("organisations:merge", args=[goes.ref]), {"into": stays.ref})
    assert b"cannot be undone" in asked.content
    posted = client.post(
        reverse("organisations:merge", args=[goes.ref]), {"into": stays.ref, "reason": "One charity", "sure": "on"}
    )
    assert posted["Location"] == reverse("organisations:detail", args=[stays.ref])
    page = client.get(reverse("organisations:detail", args=[goes.ref]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("organisations:detail", args=[stays.ref])
    assert b"Goes was merged into Stays" in page.content


def test_a_duplicate_number_leads_to_the_organisation_that_has_it(cast: Cast) -> None:
    there = OrganisationFactory(name="There already", charity_number="1234567")
    page = client_of(cast, "programme_manager").post(
        reverse("organisations:add"), {"name": "New one", "kind": "charity", "charity_number": "1234567"}
    )
    assert page.status_code == 422
    assert reverse("organisations:detail", args=[there.ref]) in page.content.decode()


def test_the_list_filters_by_former_name_kind_checks_and_funding(cast: Cast) -> None:
    today = timezone.localdate()
    funded = OrganisationFactory(name="Funded one", kind="company")
    CommitmentFactory(organisation=funded, status="active", starts_on=today, ends_on=today, award_pence=100_00)
    FormerNameFactory(organisation=funded, name="Long ago")
    DueDiligenceCheckFactory(organisation=funded, expires_on=datetime.date(2020, 3, 3))
    client = client_of(cast, "analyst")

    def names(**asked: str) -> list[str]:
        found = client.get(reverse("organisations:list"), {"layer": "recorded", **asked})
        return [row.name for row in found.context["page_obj"]]

    everybody = names()
    assert len(everybody) > 1
    for asked in ({"text": "long AGO"}, {"kind": "company"}, {"checks": "expired"}, {"funded": "yes"}):
        assert names(**asked) == ["Funded one"]
    assert names(checks="current") == []
    assert names(sort="award")[0] == "Funded one"
    assert set(names(funded="no")) == set(everybody) - {"Funded one"}


def test_the_list_and_the_page_ask_the_same_number_of_queries_for_any_number_of_rows(world: World) -> None:
    client = client_of(world.cast, "programme_manager")
    addresses = (reverse("organisations:list") + "?layer=recorded", "detail", reverse("organisations:checks-due"))
    ours = world.grant.organisation

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            place = reverse("organisations:detail", args=[ours.ref]) if address == "detail" else address
            client.get(place)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(place).status_code == 200
            counts.append(len(seen))
        return counts

    ContactFactory(organisation=ours)
    DueDiligenceCheckFactory(organisation=ours)
    first = queries()
    for _ in range(5):
        DueDiligenceCheckFactory(organisation=ours, kind="insurance")
        ContactFactory(organisation=ours)
        CommitmentFactory(organisation=ours)
        FormerNameFactory(organisation=ours)
        DueDiligenceCheckFactory(organisation=OrganisationFactory())
    assert queries() == first
    assert max(first) <= 25


def test_a_grantee_sees_and_keeps_its_own_contacts_and_not_the_register(cast: Cast) -> None:
    ours = cast.grantee.memberships.get().organisation
    theirs = cast.outside_grantee.memberships.get().organisation
    client = client_of(cast, "grantee")
    saved = client.post(
        reverse("organisations:contact-add", args=[ours.ref]),
        {"kind": "safeguarding", "name": "Ada Lead", "email": "ada@example.org"},
    )
    assert saved["Location"] == reverse("accounts:organisation")
    assert b"Ada Lead" in client.get(reverse("accounts:organisation")).content
    assert client.get(reverse("organisations:contact-add", args=[theirs.ref])).status_code == 404
    assert client.get(reverse("organisations:detail", args=[ours.ref])).status_code == 403
