"""Two people and one return's workbooks in the same moment: one is used, the other is told, nothing is overwritten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grants.actions.workbook import apply_workbook, read_workbook
from grants.models import SectionDraft, WorkbookUpload
from grants.workbook.saved import saved_texts
from tests.cast import World
from tests.grants.test_extensions_at_once import at_once
from tests.grants.workbooks import as_upload, filled
from vru.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": storage}


def upload(world: World, new_people: str, by: User) -> WorkbookUpload:
    file = as_upload(filled(world, {"reach.new": new_people}))
    return read_workbook(monitoring_return=world.monitoring_return, file=file, name="return.xlsx", by=by)


def test_of_two_workbooks_used_at_once_one_is_saved_whole_and_the_other_is_told(world: World) -> None:
    first, second = upload(world, "10", world.cast.grantee), upload(world, "11", world.cast.signatory)
    refused = at_once(
        lambda: apply_workbook(upload=first, by=world.cast.grantee),
        lambda: apply_workbook(upload=second, by=world.cast.signatory),
    )
    assert len(refused) == 1
    assert "saved this section after you opened it" in refused[0]
    used = WorkbookUpload.objects.get(status=WorkbookUpload.Status.APPLIED)
    assert saved_texts(world.monitoring_return) == {"reach.new": used.answers["reach.new"]}
    assert WorkbookUpload.objects.filter(status=WorkbookUpload.Status.READ).count() == 1


def test_a_double_click_uses_a_workbook_once(world: World) -> None:
    once = upload(world, "10", world.cast.grantee)
    refused = at_once(*[lambda: apply_workbook(upload=once, by=world.cast.grantee)] * 2)
    assert len(refused) == 1
    assert SectionDraft.objects.get(section="C").version == 1


def test_two_uploads_at_once_are_both_kept_apart(world: World) -> None:
    at_once(
        lambda: upload(world, "10", world.cast.grantee),
        lambda: upload(world, "11", world.cast.signatory),
    )
    assert sorted(row.answers["reach.new"] for row in WorkbookUpload.objects.all()) == ["10", "11"]
    assert len({row.file.name for row in WorkbookUpload.objects.all()}) == 2
