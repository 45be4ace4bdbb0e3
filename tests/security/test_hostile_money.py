"""Attacks on money: by a grantee, by staff without a finance role, and by a finance officer who wants to act alone."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.actions import bulk_changes, credit_notes, payment_paying, payment_runs, payments, recovery
from grants.actions.award_plan import set_award, set_term
from grants.actions.award_setup import create_award
from grants.actions.organisations import merge_organisations
from grants.errors import ActionRefused
from grants.models import BulkChange, Commitment, Payment, PaymentRun, RecoveryDebt
from grants.money.payment_plan import PlannedPayment
from programmes.actions.budget import change_budget_line
from programmes.errors import ProgrammeRefused
from tests.cast import World
from tests.factories import (
    BudgetLineFactory,
    CommitmentFactory,
    ContactFactory,
    DueDiligenceCheckFactory,
    ExportLayoutFactory,
    MembershipFactory,
    OrganisationFactory,
    PaymentFactory,
    ProgrammeFactory,
    SavedViewFactory,
    UserFactory,
    VariationFactory,
)
from tests.signing_in import sign_in_strongly
from vru.accounts.actions.organisations import OrganisationRefused, set_supplier_reference
from vru.accounts.models import Organisation, Role, User

DAY = datetime.date(2020, 8, 31)
HUGE = 10**18
NUL = "a\0b"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def payable(grant: Commitment, pence: int, **columns: Any) -> Payment:
    grant.organisation.supplier_reference = "SUP-001"
    grant.organisation.save()
    payment: Payment = PaymentFactory(commitment=grant, amount_pence=pence, due_on=DAY, **columns)
    return payment


def proposed(world: World, **options: Any) -> PaymentRun:
    by = world.cast.finance_officer
    run = payment_runs.make_run(layer="recorded", pay_on=DAY, layout=ExportLayoutFactory(), by=by, **options)
    return payment_runs.propose_run(run=run, by=by)


def draft(world: World) -> Commitment:
    grant: Commitment = CommitmentFactory(
        organisation=world.grant.organisation,
        programme=world.grant.programme,
        title="Secret draft award",
        status=Commitment.Status.DRAFT,
    )
    return grant


# What a grantee may not read -------------------------------------------------------------------------------------


def test_a_draft_award_is_nowhere_to_be_found_for_its_grantee(world: World) -> None:
    secret, client = draft(world), signed_in(world.cast.grantee)
    pages = [
        reverse("home"),
        reverse("search") + "?q=secret+draft",
        reverse("search") + f"?q={secret.ref}",
        reverse("api-grants") + f"?layer={secret.programme.layer}",
        reverse("api-organisation", args=[secret.organisation.ref]),
    ]
    for page in pages:
        assert "Secret draft award" not in client.get(page).content.decode(), page
    assert client.get(reverse("grants:detail", args=[secret.ref])).status_code == 404
    assert client.get(reverse("api-grant", args=[secret.ref])).status_code == 404


@pytest.mark.parametrize("question", ["source=core", "risk=due-diligence"])
def test_a_grantee_cannot_ask_the_api_what_only_staff_know(world: World, question: str) -> None:
    address = reverse("api-grants") + f"?{question}"
    assert signed_in(world.cast.grantee).get(address).status_code == 400
    answers = {signed_in(world.cast.analyst).get(address).json().get("title") for _ in range(1)}
    assert "No such filter." not in answers


def test_the_units_reasons_stay_its_own_until_the_variation_is_decided(world: World) -> None:
    variation = VariationFactory(
        commitment=world.grant,
        status="proposed",
        reason="We doubt their accounts",
        asked="More time.",
        asked_by=world.cast.grantee,
        asked_at=timezone.now(),
        proposed_by=world.cast.finance_officer,
        proposed_at=timezone.now(),
    )
    page = reverse("grants:variation", args=[world.grant.ref, variation.number])
    assert "doubt their accounts" not in signed_in(world.cast.grantee).get(page).content.decode()
    assert "doubt their accounts" in signed_in(world.cast.analyst).get(page).content.decode()


# Things of others by their number --------------------------------------------------------------------------------


def test_a_number_under_another_parent_is_not_found(world: World) -> None:
    ours, theirs = world.grant.organisation, world.other_grant.organisation
    contact = ContactFactory(organisation=theirs)
    grantee = signed_in(world.cast.grantee)
    for name in ("organisations:contact", "organisations:contact-end"):
        send = grantee.post if name.endswith("end") else grantee.get
        assert send(reverse(name, args=[ours.ref, contact.pk])).status_code == 404
        assert send(reverse(name, args=[theirs.ref, contact.pk])).status_code == 404
    variation = VariationFactory(commitment=world.other_grant)
    for person in (world.cast.grantee, world.cast.director):
        page = reverse("grants:variation", args=[world.grant.ref, variation.number + 7])
        assert signed_in(person).get(page).status_code == 404
    contact.refresh_from_db()
    assert contact.ended_on is None


def test_a_colleagues_own_view_is_not_opened_and_a_shared_one_not_changed(world: World) -> None:
    own = SavedViewFactory(owner=world.cast.director, is_shared=False)
    shared = SavedViewFactory(owner=world.cast.director, is_shared=True)
    analyst = signed_in(world.cast.analyst)
    assert analyst.get(reverse("saved-views:open", args=[own.pk])).status_code == 404
    assert analyst.post(reverse("saved-views:edit", args=[shared.pk]), {"name": "Mine"}).status_code == 404
    analyst.post(reverse("saved-views:delete", args=[shared.pk]))
    assert type(shared).objects.filter(pk=shared.pk).exists()


# Four eyes -------------------------------------------------------------------------------------------------------


def test_an_approved_run_does_not_pay_more_by_losing_a_credit_note(world: World) -> None:
    paid = payable(world.grant, 4_000_00, status="paid", paid_on=DAY)
    payable(world.grant, 3_000_00)
    credit_notes.record_credit_note(
        commitment=world.grant, amount_pence=1_000_00, due_on=DAY, note="Paid twice.", by=world.cast.director,
        credits=paid,
    )  # fmt: skip
    run = payment_runs.approve_run(run=proposed(world), by=world.cast.director)
    line = run.lines.get(payment__is_credit_note=True)
    with pytest.raises(ActionRefused, match="more would leave than was approved"):
        payment_runs.take_out(line=line, by=world.cast.finance_officer, reason="It is in the way.")
    line.refresh_from_db()
    assert line.released_at is None


def test_nobody_approves_money_to_an_organisation_of_their_own(world: World) -> None:
    payable(world.grant, 1_000_00)
    run, director = proposed(world), world.cast.director
    MembershipFactory(user=director, organisation=world.grant.organisation)
    with pytest.raises(ActionRefused, match="You act for"):
        payment_runs.approve_run(run=run, by=director)
    debt = RecoveryDebt.objects.create(
        commitment=world.grant, number=1, cause="overpaid", amount_pence=5, opened_at=timezone.now(),
        opened_by=world.cast.finance_officer,
    )  # fmt: skip
    with pytest.raises(ActionRefused, match="You act for"):
        recovery.write_off(debt=debt, by=director, reason="A friend.")


def test_a_bulk_change_does_not_resume_the_award_of_ones_own_organisation(world: World) -> None:
    grant, manager = world.grant, world.cast.programme_manager
    Commitment.objects.filter(pk=grant.pk).update(status=Commitment.Status.SUSPENDED)
    MembershipFactory(user=manager, organisation=grant.organisation)
    wanted = bulk_changes.Wanted(BulkChange.Kind.STATUS, status=Commitment.Status.ACTIVE)
    with pytest.raises(ActionRefused, match="You act for"):
        bulk_changes.make_bulk_change(seen={grant.ref: "suspended"}, wanted=wanted, reason="Go on.", by=manager)
    grant.refresh_from_db()
    assert grant.status == Commitment.Status.SUSPENDED


def test_awards_are_not_taken_over_by_merging_a_rival_into_ones_own_organisation(world: World) -> None:
    ours, theirs, manager = world.grant.organisation, world.other_grant.organisation, world.cast.programme_manager
    MembershipFactory(user=manager, organisation=ours)
    with pytest.raises(ActionRefused, match="You act for"):
        merge_organisations(stays=ours, goes=theirs, by=manager, reason="The same.", on=DAY)
    assert Organisation.objects.get(pk=theirs.pk).merged_into is None


def test_a_failed_check_is_not_shaken_off_by_merging(world: World) -> None:
    ours, theirs = world.grant.organisation, world.other_grant.organisation
    DueDiligenceCheckFactory(organisation=theirs, outcome="failed", note="No accounts.", checked_on=DAY)
    with pytest.raises(ActionRefused, match="has failed"):
        merge_organisations(
            stays=ours, goes=theirs, by=world.cast.programme_manager, reason="The same.", on=timezone.localdate()
        )


def test_whoever_approves_is_told_that_a_payment_was_sent_before(world: World) -> None:
    payable(world.grant, 1_000_00)
    officer, director = world.cast.finance_officer, world.cast.director
    first = payment_runs.approve_run(run=proposed(world), by=director)
    payment_paying.export_run(run=first, by=officer)
    payment_runs.take_out(line=first.lines.get(), by=officer, reason="The bank sent it back, believe me.")
    second = proposed(world)
    page = sign_in_strongly(Client(), director).get(reverse("money:run-approve", args=[second.ref]))
    assert f"Sent to the finance system before: {world.grant.ref} payment" in page.content.decode()


@pytest.mark.parametrize("step", ["approve", "export", "paid"])
def test_posting_without_ever_opening_the_page_does_not_pass_the_strong_sign_in(world: World, step: str) -> None:
    payable(world.grant, 1_000_00)
    run = proposed(world)
    address = reverse(f"money:run-{step}", args=[run.ref])
    person = world.cast.director if step == "approve" else world.cast.finance_officer
    assert signed_in(person).post(address, {"seen": "100000"}).status_code == 302
    late = sign_in_strongly(Client(), person, seconds_ago=24 * 3600)
    assert late.post(address, {"seen": "100000"}).status_code == 302
    run.refresh_from_db()
    assert run.status == PaymentRun.Status.PROPOSED


def test_whoever_made_a_run_does_not_approve_it_in_a_second_role(world: World) -> None:
    payable(world.grant, 1_000_00)
    run, officer = proposed(world), world.cast.finance_officer
    officer.staff_roles.create(role=Role.DIRECTOR)
    again = User.objects.get(pk=officer.pk)
    answer = sign_in_strongly(Client(), again).post(reverse("money:run-approve", args=[run.ref]), {"seen": "100000"})
    assert answer.status_code == 422
    run.refresh_from_db()
    assert run.status == PaymentRun.Status.PROPOSED


# What is typed ---------------------------------------------------------------------------------------------------


def test_amounts_that_no_award_reaches_are_refused_before_the_database_sees_them(world: World) -> None:
    grant, officer = draft(world), world.cast.finance_officer
    with pytest.raises(ActionRefused, match="Check the pounds"):
        set_award(commitment=grant, award_pence=HUGE, by=world.cast.director)
    line = BudgetLineFactory(layer="recorded")
    with pytest.raises(ProgrammeRefused, match="cannot be so large"):
        change_budget_line(line=line, amount_pence=HUGE, reason="More.", by=officer)


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "1e9", "-5", "²", "9" * 30, "999999999999999bn", NUL])
def test_an_amount_that_is_none_is_said_beside_its_box(world: World, typed: str) -> None:
    client = signed_in(world.cast.finance_officer)
    answer = client.post(
        reverse("money:payment-add", args=[world.grant.ref]),
        {"amount": typed, "due_on-day": "1", "due_on-month": "9", "due_on-year": "2020"},
    )
    assert answer.status_code == 422
    assert not Payment.objects.exists()


@pytest.mark.parametrize("day", ["9" * 24, "9" * 5_000, "-1", NUL, "1e3"])
def test_a_day_that_no_month_has_is_said_beside_its_boxes(world: World, day: str) -> None:
    sent = {"amount": "5", "due_on-day": day, "due_on-month": "9", "due_on-year": "2020"}
    client = signed_in(world.cast.finance_officer)
    assert client.post(reverse("money:payment-add", args=[world.grant.ref]), sent).status_code == 422


def test_an_award_in_a_programme_of_three_centuries_begins_with_one_year(world: World) -> None:
    programme = ProgrammeFactory(starts_on=datetime.date(1901, 4, 1), ends_on=datetime.date(2190, 3, 31))
    made = create_award(
        programme=programme, organisation=world.grant.organisation, title="Long", by=world.cast.programme_manager
    )
    assert made.ends_on == datetime.date(1902, 3, 31)


def test_a_plan_of_ten_thousand_years_is_not_worked_out(world: World) -> None:
    client = signed_in(world.cast.programme_manager)
    start, plan = (reverse(f"grants:variation-{name}", args=[world.grant.ref]) for name in ("start", "plan"))
    questions = (
        "kind=term&effective_on=2020-07-01&starts_on=0001-01-01&ends_on=9999-12-31",
        "kind=term&effective_on=0001-01-01&ends_on=2021-06-30",
        "kind=award&effective_on=9999-12-31&award=100",
        f"kind=award&effective_on=2020-07-01&award={'9' * 40}",
    )
    for question in questions:
        answer = client.get(f"{plan}?{question}")
        assert (answer.status_code, answer["Location"]) == (302, start), question
    with pytest.raises(ActionRefused, match="ten years"):
        set_term(
            commitment=draft(world), starts_on=DAY, ends_on=datetime.date(2190, 1, 1), by=world.cast.programme_manager
        )


@pytest.mark.parametrize(
    ("who", "route", "sent"),
    [
        ("programme_manager", "organisations:merge", {"into": NUL}),
        ("programme_manager", "grants:bulk", {"do": "status", "to_status": "active", "why": "x", "seen": f"{NUL}|a"}),
        ("analyst", "saved-views:save", {"list": "grants:list", "name": NUL, "query": "q=1"}),
        ("finance_officer", "money:run-make", {"layout": NUL, "press": "make", "payment": "9" * 30}),
        ("finance_officer", "money:virement-new", {"source": NUL, "amount": "9" * 30}),
    ],
)
def test_a_choice_that_no_page_offers_is_no_server_error(
    world: World, who: str, route: str, sent: dict[str, str]
) -> None:
    args = [world.grant.organisation.ref] if route == "organisations:merge" else []
    ExportLayoutFactory()
    day = {"pay_on-day": "1", "pay_on-month": "9", "pay_on-year": "2020"}
    client = signed_in(world.cast.named(who))
    for data in (sent | day, sent | day | {"layout": "finance"}):
        assert client.post(reverse(route, args=args), data).status_code < 500


@pytest.mark.parametrize("typed", ["=1+1", "@SUM(A1)", "-2+3", "Łódź-1", "SUP|1", "'SUP"])
def test_a_supplier_reference_reaches_the_finance_system_as_it_is_or_not_at_all(world: World, typed: str) -> None:
    with pytest.raises(OrganisationRefused, match="plain letters"):
        set_supplier_reference(organisation=world.grant.organisation, reference=typed, by=world.cast.finance_officer)


def test_addresses_that_run_code_are_not_kept_as_websites_or_links(world: World) -> None:
    organisation = world.grant.organisation
    client = signed_in(world.cast.programme_manager)
    for bad in (
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "javascript://example.org/%0aalert(1)",
    ):
        client.post(
            reverse("organisations:edit", args=[organisation.ref]),
            {"name": organisation.name, "kind": organisation.kind, "website": bad},
        )
        client.post(
            reverse("decisions:add"),
            {"ref": "DEC-1", "title": "T", "url": bad, "decided_on-day": "1", "decided_on-month": "4",
             "decided_on-year": "2020"},
        )  # fmt: skip
        page = client.get(reverse("organisations:detail", args=[organisation.ref])).content.decode()
        assert f'href="{bad[:10]}' not in page
    organisation.refresh_from_db()
    assert organisation.website == ""


def test_a_saved_view_leads_to_its_list_and_nowhere_else(world: World) -> None:
    client = signed_in(world.cast.analyst)
    for query in ("//evil.example", "\r\nLocation: //evil.example", "next=https://evil.example"):
        answer = client.post(reverse("saved-views:save"), {"list": "grants:list", "name": "V", "query": query})
        assert answer["Location"].startswith(reverse("grants:list") + "?")
        assert "\n" not in answer["Location"]


def test_titles_with_tags_are_shown_as_text(world: World) -> None:
    attack = "<img src=x onerror=alert(1)>"
    Commitment.objects.filter(pk=world.grant.pk).update(title=attack, description=attack)
    PaymentFactory(commitment=world.grant, amount_pence=5, note=attack)
    client = signed_in(world.cast.director)
    ref = [world.grant.ref]
    names = ("detail", "money", "all-returns", "results", "people", "documents", "timeline", "set-up")
    pages = [reverse(f"grants:{name}", args=ref) for name in names]
    pages += [reverse("grants:list"), reverse("money:payments"), reverse("search") + "?q=onerror"]
    for page in pages:
        assert attack not in client.get(page).content.decode(), page


# Layers ----------------------------------------------------------------------------------------------------------


def test_nothing_is_awarded_planned_or_paid_in_the_published_layer(world: World) -> None:
    programme = ProgrammeFactory(layer="published")
    organisation = OrganisationFactory(layer="published", supplier_reference="SUP-9")
    grant = CommitmentFactory(programme=programme, organisation=organisation)
    PaymentFactory(commitment=grant, amount_pence=5, due_on=DAY)
    manager, officer = world.cast.programme_manager, world.cast.finance_officer
    with pytest.raises(ActionRefused, match="published documents"):
        create_award(programme=programme, organisation=organisation, title="New", by=manager)
    with pytest.raises(ActionRefused, match="published documents"):
        payments.add_payment(commitment=grant, line=PlannedPayment(5, DAY), by=manager)
    with pytest.raises(ActionRefused, match="Nothing is paid"):
        payment_runs.make_run(layer="published", pay_on=DAY, layout=ExportLayoutFactory(), by=officer)


def test_a_payment_of_another_layer_is_not_smuggled_into_a_run(world: World) -> None:
    ours = payable(world.grant, 100)
    foreign = PaymentFactory(
        commitment=CommitmentFactory(
            programme=ProgrammeFactory(layer="illustrative"),
            organisation=OrganisationFactory(layer="illustrative", supplier_reference="ILL-1"),
        ),
        amount_pence=100,
        due_on=DAY,
    )
    officer: User = UserFactory(role=Role.FINANCE_OFFICER)
    with pytest.raises(ActionRefused, match="another layer"):
        payment_runs.make_run(
            layer="recorded", pay_on=DAY, layout=ExportLayoutFactory(), by=officer, payments=[ours, foreign]
        )
    assert not PaymentRun.objects.exists()
