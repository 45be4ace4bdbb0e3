"""Uploading, using and discarding a workbook: nothing is replaced without a yes, and never what somebody just saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grants.actions.workbook import UPLOADS_WAITING, apply_workbook, discard_workbook, read_workbook
from grants.errors import ActionRefused, StaleDraft
from grants.models import MonitoringReturn, SectionDraft, WorkbookUpload
from grants.workbook.saved import draft_versions, saved_texts
from grants.workbook.shape import Limits
from tests.cast import World, complete_answers
from tests.factories import WorkbookUploadFactory
from tests.grants.workbooks import as_upload, complete, filled, rules, save
from vru.accounts.models import AuditEvent, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": storage}
    return tmp_path


def upload(world: World, data: bytes, by: User | None = None) -> WorkbookUpload:
    item = MonitoringReturn.objects.get(pk=world.monitoring_return.pk)
    return read_workbook(monitoring_return=item, file=as_upload(data), name="return.xlsx", by=by or world.cast.grantee)


def kept(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def test_an_upload_changes_nothing_until_somebody_says_yes(world: World, files: Path) -> None:
    read = upload(world, complete(world))
    assert read.status == WorkbookUpload.Status.READ
    assert not SectionDraft.objects.exists()
    apply_workbook(upload=read, by=world.cast.grantee)
    assert (
        saved_texts(world.monitoring_return)["answer.what-went-well"]
        == complete_answers(world)["G"]["answer.what-went-well"]
    )
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.DRAFT
    assert [path.name[:16] for path in kept(files)] == [read.sha256[:16]]


def test_wrong_text_is_kept_as_typed_to_be_mended_on_the_site(world: World) -> None:
    read = upload(world, filled(world, {"reach.new": "ten or so"}))
    assert "R100" in rules(read)
    apply_workbook(upload=read, by=world.cast.grantee)
    assert saved_texts(world.monitoring_return) == {"reach.new": "ten or so"}


def test_an_emptied_cell_empties_the_answer_and_the_rest_of_its_section_stays(world: World) -> None:
    save(world.monitoring_return, "C", {"reach.new": "10", "reach.contacts": "20"}, world.cast.grantee)
    read = upload(world, filled(world, {"reach.new": ""}))
    apply_workbook(upload=read, by=world.cast.grantee)
    assert saved_texts(world.monitoring_return) == {"reach.contacts": "20"}


def test_what_somebody_saved_after_the_reading_is_never_overwritten(world: World) -> None:
    read = upload(world, filled(world, {"reach.new": "10", "answer.what-went-well": "Much."}))
    save(world.monitoring_return, "C", {"reach.new": "12"}, world.cast.signatory)
    with pytest.raises(StaleDraft):
        apply_workbook(upload=read, by=world.cast.grantee)
    assert saved_texts(world.monitoring_return) == {"reach.new": "12"}
    read.refresh_from_db()
    assert read.status == WorkbookUpload.Status.READ


def test_a_yes_to_what_is_saved_now_uses_the_workbook_after_all(world: World) -> None:
    read = upload(world, filled(world, {"reach.new": "10"}))
    save(world.monitoring_return, "C", {"reach.new": "12"}, world.cast.signatory)
    apply_workbook(upload=read, by=world.cast.grantee, versions=draft_versions(world.monitoring_return))
    assert saved_texts(world.monitoring_return) == {"reach.new": "10"}


def test_of_two_uploads_at_once_the_second_is_told_of_the_first(world: World) -> None:
    first = upload(world, filled(world, {"reach.new": "10"}))
    second = upload(world, filled(world, {"reach.new": "11"}), by=world.cast.signatory)
    assert first.file.name != second.file.name
    apply_workbook(upload=first, by=world.cast.grantee)
    with pytest.raises(StaleDraft):
        apply_workbook(upload=second, by=world.cast.signatory)
    assert saved_texts(world.monitoring_return) == {"reach.new": "10"}


def test_an_upload_is_decided_once(world: World) -> None:
    read = upload(world, filled(world, {"reach.new": "10"}))
    apply_workbook(upload=read, by=world.cast.grantee)
    with pytest.raises(ActionRefused, match="decided on already: used"):
        apply_workbook(upload=read, by=world.cast.grantee)
    with pytest.raises(ActionRefused, match="decided on already"):
        discard_workbook(upload=read, by=world.cast.grantee)


def test_a_discarded_upload_leaves_its_name_and_nothing_it_said(
    world: World, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    read = upload(world, filled(world, {"answer.what-went-well": "Much."}))
    with django_capture_on_commit_callbacks(execute=True):
        discard_workbook(upload=read, by=world.cast.grantee)
    read.refresh_from_db()
    assert (read.status, read.answers, read.problems, read.file.name) == ("discarded", {}, [], "")
    assert kept(files) == []
    assert not SectionDraft.objects.exists()


def test_a_refused_file_is_not_kept_and_leaves_nothing_in_the_return(world: World, files: Path) -> None:
    refused = upload(world, b"%PDF-1.7 not a workbook")
    assert refused.status == WorkbookUpload.Status.REFUSED
    assert rules(refused) == ["F108"]
    assert (refused.answers, refused.file.name, kept(files)) == ({}, "", [])
    with pytest.raises(ActionRefused):
        apply_workbook(upload=refused, by=world.cast.grantee)
    assert not SectionDraft.objects.exists()


def test_a_file_above_the_limit_is_refused_without_being_read(world: World) -> None:
    big = as_upload(b"PK" + bytes(Limits().file_bytes))
    refused = read_workbook(monitoring_return=world.monitoring_return, file=big, name="big.xlsx", by=world.cast.grantee)
    assert rules(refused) == ["F102"]
    assert big.tell() == 0


def test_only_the_grants_own_people_upload_use_or_discard(world: World) -> None:
    read = upload(world, filled(world, {"reach.new": "10"}))
    for stranger in (world.cast.outside_grantee, world.cast.programme_manager, world.cast.nobody):
        with pytest.raises(ActionRefused):
            upload(world, filled(world, {"reach.new": "11"}), by=stranger)
        with pytest.raises(ActionRefused):
            apply_workbook(upload=read, by=stranger)
        with pytest.raises(ActionRefused):
            discard_workbook(upload=read, by=stranger)
    assert WorkbookUpload.objects.count() == 1


def test_a_return_that_has_been_sent_takes_no_workbook(world: World) -> None:
    data = filled(world, {"reach.new": "10"})
    read = upload(world, data)
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status="submitted")
    with pytest.raises(ActionRefused, match="has been sent"):
        upload(world, data)
    with pytest.raises(ActionRefused, match="has been sent"):
        apply_workbook(upload=read, by=world.cast.grantee)


def test_uploads_that_nobody_decides_on_do_not_pile_up(world: World) -> None:
    WorkbookUploadFactory.create_batch(UPLOADS_WAITING, monitoring_return=world.monitoring_return)
    with pytest.raises(ActionRefused, match="Decide on one of them first"):
        upload(world, filled(world, {"reach.new": "10"}))


def test_every_upload_and_decision_is_in_the_audit_trail(world: World) -> None:
    read = upload(world, filled(world, {"reach.new": "10"}))
    apply_workbook(upload=read, by=world.cast.signatory)
    events = AuditEvent.objects.about(world.monitoring_return).order_by("pk")
    assert [(event.action, event.actor) for event in events if event.action.startswith("workbook")] == [
        ("workbook uploaded", world.cast.grantee),
        ("workbook applied", world.cast.signatory),
    ]


def test_the_name_of_a_file_is_shown_and_never_used_as_a_path(world: World, files: Path) -> None:
    item = world.monitoring_return
    file = as_upload(filled(world, {"reach.new": "1"}))
    read = read_workbook(monitoring_return=item, file=file, name="..\\..\\etc/pass\x00wd.xlsx", by=world.cast.grantee)
    assert read.name == "passwd.xlsx"
    assert [path.parent.parent.parent.name for path in kept(files)] == ["workbooks"]
