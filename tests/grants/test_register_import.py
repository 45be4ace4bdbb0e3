"""A register taken over: all of it or nothing, by key, with every difference shown before it is written."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.errors import ActionRefused
from grants.imports.register import apply_register, check_register
from grants.imports.register_columns import COLUMNS
from grants.imports.register_plan import Plan
from grants.imports.register_template import template_csv, template_workbook
from grants.models import AreaShare, Commitment, FundingSplit
from programmes.models import Programme
from tests.cast import Cast
from tests.factories import (
    AllocationFactory,
    AreaFactory,
    BudgetCategoryFactory,
    CommitmentFactory,
    FormerNameFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    OrganisationFactory,
    ProgrammeFactory,
    UserFactory,
)
from vru.accounts.history import create_with_history
from vru.accounts.models import AuditEvent, Organisation, Role, User
from vru.lib.layers import Layer
from vru.lib.tables import read_table

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2020, 6, 1)
LAYER = Layer.RECORDED.value


@pytest.fixture(autouse=True)
def lists(db: None) -> None:
    source = FundingSourceFactory(slug="home-office", title="Home Office")
    AllocationFactory(source=source, year=2020, layer=LAYER, amount_pence=1_000_000_00)
    FundingSourceFactory(slug="reserves", title="Reserves")
    BudgetCategoryFactory(slug="vcs", title="VCS/community")
    for code, name in (("E09000007", "Camden"), ("E09000012", "Hackney"), ("E09000013", "Hammersmith and Fulham")):
        AreaFactory(code=code, name=name)


def row(**said: str) -> dict[str, str]:
    return {
        "Programme ref": "P-1",
        "Programme": "Youth work in hospitals",
        "Level": "Several areas",
        "Grantee": "Example Trust",
        "Charity no": "1234567",
        "Grant ref": "G-1",
        "Title": "Mentors in two hospitals",
        "Category": "VCS/community",
        "Status": "Active",
        "Award": "£20,000.50",
        "Start": "01/04/2020",
        "End": "31 March 2021",
        "Source": "Home Office",
        "Year": "2020/21",
        "Boroughs": "Camden; Hammersmith & Fulham",
    } | said


def table(*rows: dict[str, str]) -> Any:
    target = io.StringIO()
    writer = csv.DictWriter(target, fieldnames=list(dict.fromkeys(name for each in rows for name in each)))
    writer.writeheader()
    writer.writerows(rows)
    return read_table(target.getvalue().encode(), "register.csv")


def check(*rows: dict[str, str]) -> Plan:
    return check_register(table(*rows), layer=LAYER)


def take(*rows: dict[str, str], by: User | None = None, agreed: str = "") -> Plan:
    return apply_register(table(*rows), layer=LAYER, columns=None, by=by, today=TODAY, agreed=agreed)


def told(*rows: dict[str, str]) -> list[tuple[int, str, str]]:
    return [(each.row, each.heading, each.message) for each in check(*rows).register.problems]


def test_a_register_makes_programme_organisation_grant_splits_and_shares() -> None:
    take(row())
    grant = Commitment.objects.get(ref="G-1")
    assert (grant.award_pence, grant.status, grant.starts_on) == (20_000_50, "active", datetime.date(2020, 4, 1))
    assert (grant.programme.ref, grant.organisation.charity_number, grant.organisation.kind) == (
        "P-1",
        "1234567",
        "charity",
    )
    assert list(grant.splits.values_list("source__slug", "year", "amount_pence")) == [("home-office", 2020, 20_000_50)]
    assert sorted(grant.area_shares.values_list("area__name", "amount_pence")) == [
        ("Camden", 10_000_25),
        ("Hammersmith and Fulham", 10_000_25),
    ]


def test_the_same_file_again_changes_nothing() -> None:
    take(row())
    again = check(row())
    assert again.ok
    assert all(counts["new"] == counts["changed"] == 0 for counts in again.counts().values())


def test_several_rows_of_one_reference_are_one_grant_with_several_splits() -> None:
    AllocationFactory(
        source=FundingSplit.source.field.related_model.objects.get(slug="reserves"), year=2021, layer=LAYER
    )
    parts = [
        row(End="31/03/2022", Year="2020/21", **{"Amount from this source": "15,000"}),
        row(End="31/03/2022", Year="2021-22", Source="Reserves", **{"Amount from this source": "5,000.50"}),
    ]
    take(*parts)
    splits = FundingSplit.objects.filter(commitment__ref="G-1").values_list("year", "amount_pence")
    assert sorted(splits) == [(2020, 15_000_00), (2021, 5_000_50)]


@pytest.mark.parametrize(
    ("said", "heading", "words"),
    [
        ({"Award": "£1.2m"}, "Award", "is rounded"),
        ({"Award": "12 thousand or so"}, "Award", "more than a number"),
        ({"Start": "44197"}, "Start", "day number"),
        ({"Start": "31/02/2020"}, "Start", "does not exist"),
        ({"End": "01/01/2020"}, "End", "ends before it starts"),
        ({"Year": "2020"}, "Year", "calendar year or a financial year"),
        ({"Boroughs": "Brixton"}, "Areas", "not one of"),
        ({"Boroughs": "Camden 60%; Hackney 30%"}, "Areas", "come to 90%"),
        ({"Boroughs": "Camden: 100; Hackney: 200"}, "Areas", "short of the award"),
        ({"Boroughs": "Camden; camden"}, "Areas", "named twice"),
        ({"Charity no": "12"}, "Charity number", "too short"),
        ({"Category": "Nonsense"}, "Budget category", "not one of the unit's budget categories"),
        ({"Source": "Lottery"}, "Funding source", "not one of the unit's funding sources"),
        ({"Source": ""}, "Funding source", "Say which source pays"),
        ({"Status": "Nearly"}, "Status", "no status of a grant"),
        ({"Title": ""}, "Grant title", "is needed"),
        ({"Title": "x" * 141}, "Grant title", "longer than 140"),
        ({"Grant ref": ""}, "Grant reference", "Give the grant reference"),
        ({"Grantee": "", "Charity no": ""}, "Organisation", "which organisation"),
        ({"Charity no": "", "Grantee": "Somebody else"}, "Organisation kind", "what kind of organisation"),
        ({"Programme ref": "P-2", "Level": ""}, "Delivery level", "is needed"),
        ({"Award": "2,000,000"}, "Funding source", "left to promise"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named_with_its_row_and_nothing_is_written(
    said: dict[str, str], heading: str, words: str
) -> None:
    rows = [row(**{"Grant ref": "G-0", "Award": "10"}), row(**said)]
    found = [(at, message) for at, named, message in told(*rows) if named == heading]
    # What all grants together would take is said at the first of them.
    assert any(words in message and at in {2, 3} for at, message in found)
    with pytest.raises(ActionRefused, match="nothing was written"):
        take(*rows)
    assert not Commitment.objects.exists()
    assert not Organisation.objects.exists()
    assert not Programme.objects.exists()
    assert not AuditEvent.objects.exists()


def test_what_is_missing_because_it_could_not_be_read_is_said_once() -> None:
    assert [heading for _, heading, _ in told(row(Start="31/02/2020"))] == ["Start"]


def test_rows_that_disagree_about_one_grant_are_refused() -> None:
    found = told(row(), row(Title="Something else"))
    assert any("Row 2 says something else about the same grant" in message for _, _, message in found)


def test_lost_zeros_and_suffixes_of_numbers_are_mended_and_said() -> None:
    plan = take(row(**{"Charity no": "1234567-3"}))
    assert Organisation.objects.get().charity_number == "1234567"
    assert plan.summary()["notes"][0]["row"] == 2


def test_an_organisation_is_found_by_number_then_reference_then_name_or_former_name() -> None:
    by_number = OrganisationFactory(name="Other name", charity_number="1234567")
    by_former = OrganisationFactory(name="Renamed")
    FormerNameFactory(organisation=by_former, name="Old Friends")
    take(row(), row(**{"Grant ref": "G-2", "Grantee": "OLD FRIENDS", "Charity no": ""}))
    assert Commitment.objects.get(ref="G-1").organisation == by_number
    assert Commitment.objects.get(ref="G-2").organisation == by_former
    by_number.refresh_from_db()
    by_former.refresh_from_db()
    assert (by_number.name, by_former.name) == ("Example Trust", "Renamed")
    assert [former.name for former in by_number.former_names.all()] == ["Other name"]


def test_a_merged_organisation_leads_to_the_one_it_was_merged_into() -> None:
    stays = OrganisationFactory(name="Stays")
    OrganisationFactory(name="Example Trust", charity_number="1234567", merged_into=stays, merged_on=TODAY)
    FormerNameFactory(organisation=stays, name="Example Trust")
    take(row())
    assert Commitment.objects.get(ref="G-1").organisation == stays


def test_a_name_that_two_organisations_have_is_refused_without_a_number() -> None:
    OrganisationFactory(name="Example Trust")
    FormerNameFactory(organisation=OrganisationFactory(name="Another"), name="Example Trust")
    found = told(row(**{"Charity no": ""}))
    assert any("may mean" in message for _, _, message in found)


def test_one_row_with_a_number_and_one_without_are_one_organisation() -> None:
    take(row(), row(**{"Grant ref": "G-2", "Charity no": ""}))
    assert Organisation.objects.count() == 1


def test_differences_are_shown_before_anything_is_written() -> None:
    take(row(Status="Draft"))
    plan = check(row(Status="Draft", Award="30,000", Boroughs="Hackney"))
    lines = {line[0]: line[1:] for line in plan.summary()["changes"][0]["lines"]}
    assert lines["Award"] == ["£20,000.50", "£30,000.00"]
    assert lines["Areas"][1] == "Hackney £30,000.00"
    assert Commitment.objects.get().award_pence == 20_000_50
    take(row(Status="Draft", Award="30,000", Boroughs="Hackney"))
    assert Commitment.objects.get().award_pence == 30_000_00
    assert AreaShare.objects.get().amount_pence == 30_000_00


def test_money_of_a_live_award_changes_only_by_a_variation() -> None:
    take(row())
    found = told(row(Award="30,000"))
    assert any(heading == "Award" and "variation" in message for _, heading, message in found)
    take(row(Title="A better title"))
    assert Commitment.objects.get().title == "A better title"


def test_the_status_of_a_grant_that_is_here_is_changed_on_its_page() -> None:
    take(row())
    assert any("Change its status on its page" in message for _, _, message in told(row(Status="Completed")))


def test_a_plan_that_is_no_longer_what_was_agreed_is_refused() -> None:
    agreed = check(row()).digest
    OrganisationFactory(name="Elsewhere", charity_number="1234567")
    with pytest.raises(ActionRefused, match="changed since"):
        take(row(), agreed=agreed)
    assert not Commitment.objects.exists()


def test_only_programme_managers_and_the_director_import(cast: Cast) -> None:
    for name in ("finance_officer", "analyst", "auditor", "administrator", "grantee"):
        with pytest.raises(ActionRefused, match="Only programme managers"):
            take(row(), by=cast.named(name))
    assert take(row(), by=cast.director).ok


def test_the_other_layer_is_not_touched() -> None:
    ProgrammeFactory(ref="P-1", layer=Layer.ILLUSTRATIVE)
    assert any("another layer" in message for _, _, message in told(row()))


def test_queries_do_not_grow_with_rows() -> None:
    def queries(count: int) -> int:
        rows = [row(**{"Grant ref": f"G-{number}", "Award": "10"}) for number in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            check(*rows)
        return len(seen)

    assert queries(3) == queries(60)


def test_new_rows_have_the_history_that_saving_each_would_have_made() -> None:
    user = UserFactory(role=Role.DIRECTOR)
    one = CommitmentFactory()
    saved = LogEntry.objects.get_for_object(one).get()
    other = Commitment(
        **{
            field.name: getattr(one, field.name)
            for field in one._meta.concrete_fields
            if field.name not in ("id", "ref")
        },
        ref="copy",
    )
    create_with_history([other], by=user)
    made = LogEntry.objects.get_for_object(other).get()
    assert (made.action, made.actor, made.object_id, made.object_repr) == (saved.action, user, other.pk, str(other))
    columns = {field.name for field in one._meta.concrete_fields}
    expected = {name: change for name, change in saved.changes.items() if name in columns}
    assert {name for name in expected if expected[name] != made.changes.get(name)} == {"id", "ref"}
    assert set(made.changes) == set(expected)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_register_that_was_taken_over_has_no_differences_and_its_money_adds_up(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 6))
    rows = []
    for number in range(count):
        pounds = data.draw(st.integers(1, 5_000))
        boroughs = data.draw(st.sampled_from(["Camden", "Camden; Hackney", "Camden 33.33%; Hackney 66.67%", ""]))
        status = data.draw(st.sampled_from(["Draft", "Active", "Completed", ""]))
        charity = data.draw(st.sampled_from(["1234567", "7654321"]))
        rows.append(
            row(
                **{"Grant ref": f"H-{number}", "Charity no": charity, "Grantee": f"Trust {charity}"},
                Award=f"{pounds}.{data.draw(st.integers(0, 99)):02d}",
                Boroughs=boroughs,
                Status=status,
            )
        )
    Commitment.objects.filter(ref__startswith="H-").delete()
    take(*rows)
    again = check(*rows)
    assert again.ok
    assert all(each["new"] == each["changed"] == 0 for each in again.counts().values())
    for grant in Commitment.objects.filter(ref__startswith="H-"):
        assert sum(split.amount_pence for split in grant.splits.all()) == grant.award_pence
        shares = [share.amount_pence for share in grant.area_shares.all()]
        assert not shares or sum(shares) == grant.award_pence


def test_the_blank_register_is_read_by_its_own_reader() -> None:
    for data in (template_csv(), template_workbook(unit="The unit", timestamp=datetime.datetime.now(datetime.UTC))):
        plan = check_register(read_table(data, "blank"), layer=LAYER)
        assert set(plan.register.columns) == {column.field for column in COLUMNS}
        assert plan.register.rows == 1


def test_the_command_checks_writes_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "register.csv"
    file.write_bytes(_csv(row()))
    call_command("import_register", str(file), "--dry-run", "--format", "json")
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["written"], document["counts"]["grants"]["new"]) == (True, False, 1)
    assert not Commitment.objects.exists()
    call_command("import_register", str(file))
    assert Commitment.objects.count() == 1
    file.write_bytes(_csv(row(Award="lots")))
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_register", str(file), "--format", "json")


def _csv(each: dict[str, str]) -> bytes:
    target = io.StringIO()
    writer = csv.DictWriter(target, fieldnames=list(each))
    writer.writeheader()
    writer.writerow(each)
    return target.getvalue().encode()


def test_a_draft_here_keeps_its_split_where_the_file_says_nothing_of_it() -> None:
    grant = CommitmentFactory(ref="G-9", status="draft", award_pence=100_00)
    FundingSplitFactory(commitment=grant, amount_pence=100_00)
    assert check({"Grant ref": "G-9", "Title": "Better"}).ok
    assert any("short of" in message for _, _, message in told({"Grant ref": "G-9", "Award": "200"}))
