"""returns, return_workbook and import_return: one JSON document on stdout, and an honest exit code."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from grants.models import SectionDraft, WorkbookUpload
from grants.workbook.reading import read_file
from grants.workbook.saved import saved_texts
from tests.cast import World
from tests.grants.workbooks import blank, complete, filled
from vru.accounts.models import AuditEvent

pytestmark = pytest.mark.django_db
KEYS = {"sheet", "row", "column", "value", "message", "rule"}


def run(*arguments: Any, fails: bool = False) -> Any:
    """The JSON document of a command that must succeed, or that must end with a non-zero exit code."""
    said = io.StringIO()
    if fails:
        with pytest.raises(CommandError) as error:
            call_command(*arguments, "--format", "json", stdout=said, stderr=io.StringIO())
        assert error.value.returncode == 1
    else:
        call_command(*arguments, "--format", "json", stdout=said, stderr=io.StringIO())
    return json.loads(said.getvalue())


def file_of(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "return.xlsx"
    path.write_bytes(data)
    return str(path)


def named(world: World) -> tuple[str, ...]:
    return ("--grant", world.grant.ref, "--quarter", "2020-21Q2")


def test_open_returns_are_listed_with_what_names_them(world: World) -> None:
    listed = run("returns", "--status", "open")["returns"]
    assert [(row["grant"], row["quarter"], row["status"]) for row in listed] == [
        (world.grant.ref, "2020-21Q2", "open"),
        (world.other_grant.ref, "2020-21Q2", "open"),
    ]
    assert listed[0]["due_on"] == "2020-10-15"
    assert run("returns", "--status", "approved")["returns"] == []


def test_the_workbook_is_written_for_the_return_that_was_named(world: World, tmp_path: Path) -> None:
    target = tmp_path / "F.xlsx"
    call_command("return_workbook", *named(world), "--output", str(target), stderr=io.StringIO())
    assert read_file(target.read_bytes()).about["grant"] == world.grant.ref


def test_a_workbook_without_errors_is_saved(world: World, tmp_path: Path) -> None:
    said = run("import_return", file_of(tmp_path, complete(world)), *named(world), "--by", world.cast.grantee.email)
    assert (said["ok"], said["errors"], said["saved"]) == (True, [], True)
    assert saved_texts(world.monitoring_return)["reach.new"] == "10"
    assert set(SectionDraft.objects.values_list("saved_by__email", flat=True)) == {world.cast.grantee.email}
    assert AuditEvent.objects.get(action="workbook imported").actor == world.cast.grantee


def test_without_a_person_the_system_is_named_as_the_one_who_saved(world: World, tmp_path: Path) -> None:
    run("import_return", file_of(tmp_path, complete(world)), *named(world))
    assert set(SectionDraft.objects.values_list("saved_by", flat=True)) == {None}


def test_a_dry_run_saves_nothing(world: World, tmp_path: Path) -> None:
    said = run("import_return", file_of(tmp_path, complete(world)), *named(world), "--dry-run")
    assert (said["ok"], said["saved"]) == (True, False)
    assert not SectionDraft.objects.exists()


def test_a_second_import_of_the_same_file_changes_nothing(world: World, tmp_path: Path) -> None:
    file = file_of(tmp_path, complete(world))
    run("import_return", file, *named(world))
    before = list(SectionDraft.objects.values_list("section", "version"))
    assert run("import_return", file, *named(world))["answers_changed"] == 0
    assert list(SectionDraft.objects.values_list("section", "version")) == before


def test_errors_give_their_places_exit_one_and_save_nothing(world: World, tmp_path: Path) -> None:
    data = filled(world, {"reach.new": "10", "age.10-14": "4", "spend.labour.actual": "lots"})
    said = run("import_return", file_of(tmp_path, data), *named(world), fails=True)
    assert (said["ok"], said["saved"]) == (False, False)
    assert all(set(row) == KEYS for row in said["errors"] + said["warnings"])
    assert ("F Spend and forecast", 5, "C", "lots", "R100") in [
        (row["sheet"], row["row"], row["column"], row["value"], row["rule"]) for row in said["errors"]
    ]
    assert not SectionDraft.objects.exists()
    assert not WorkbookUpload.objects.exists()


def test_a_file_that_cannot_be_used_is_one_error_without_a_place(world: World, tmp_path: Path) -> None:
    said = run("import_return", file_of(tmp_path, b"%PDF-1.4"), *named(world), fails=True)
    assert [(row["rule"], row["sheet"], row["row"], row["column"]) for row in said["errors"]] == [
        ("F108", None, None, None)
    ]


def test_another_grants_workbook_is_refused(world: World, tmp_path: Path) -> None:
    arguments = ("--grant", world.other_grant.ref, "--quarter", "2020-21Q2")
    said = run("import_return", file_of(tmp_path, blank(world)), *arguments, fails=True)
    assert [row["rule"] for row in said["errors"]] == ["F114"]


@pytest.mark.parametrize(
    ("grant", "quarter", "sentence"),
    [
        ("GR-NONE", "2020-21Q2", "returns --status open"),
        (None, "2020-21Q4", "There is no return"),
        (None, "Q2", "Q2"),
    ],
)
def test_a_return_that_does_not_exist_is_said_in_words(
    world: World, tmp_path: Path, grant: str | None, quarter: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command(
            "return_workbook",
            *("--grant", grant or world.grant.ref, "--quarter", quarter, "--output", str(tmp_path / "F.xlsx")),
        )


def test_a_file_or_person_that_does_not_exist_is_said_in_words(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_return", str(tmp_path / "none.xlsx"), *named(world))
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("import_return", file_of(tmp_path, blank(world)), *named(world), "--by", "no@example.org")
