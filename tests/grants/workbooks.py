"""Workbooks for the tests: the return's own, and the same file after somebody has been at it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from grants.actions.drafts import save_sections
from grants.models import MonitoringReturn, Section, WorkbookUpload
from grants.questionnaire import boxes_for
from grants.workbook.make import contents_of, return_workbook
from grants.workbook.saved import draft_versions, saved_texts
from grants.workbook.template import workbook_of
from tests.cast import World, complete_answers
from vru.accounts.models import User


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def changed(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The file with one of its parts rewritten; the change must change something."""
    parts = parts_of(data)
    before = parts[name].decode()
    after = change(before)
    assert after != before, f"Nothing in {name} was changed."
    return zipped({**parts, name: after.encode()})


def sheet_part(data: bytes, letter: str) -> str:
    """The part of the sheet of a section: "xl/worksheets/sheet3.xml"."""
    names = re.findall(r'<sheet name="([^"]+)"', parts_of(data)["xl/workbook.xml"].decode())
    number = next(index for index, name in enumerate(names, 1) if name.startswith(f"{letter} "))
    return f"xl/worksheets/sheet{number}.xml"


def with_cell(data: bytes, letter: str, cell: str, inside: str, kind: str = "") -> bytes:
    """The file with one cell's content replaced: ``inside`` is what stands between <c> and </c>."""

    def change(sheet: str) -> str:
        said = f' t="{kind}"' if kind else ""
        return re.sub(
            rf'<c r="{cell}"( s="\d+")?(?: t="\w+")?(?:/>|>.*?</c>)', rf'<c r="{cell}"\1{said}>{inside}</c>', sheet
        )

    return changed(data, sheet_part(data, letter), change)


def filled(world: World, answers: Mapping[str, str]) -> bytes:
    """The return's workbook as a grantee would fill it in: what is saved, with these answers typed over it."""
    item = world.monitoring_return
    boxes = boxes_for(item)
    return workbook_of(contents_of(item, boxes, {**saved_texts(item), **answers}, ()))


def complete(world: World) -> bytes:
    return filled(world, {name: text for section in complete_answers(world).values() for name, text in section.items()})


def blank(world: World) -> bytes:
    return return_workbook(world.monitoring_return)


def as_upload(data: bytes, name: str = "return.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def save(item: MonitoringReturn, section: str, texts: Mapping[str, str], by: User) -> None:
    """Save a section over whatever is saved, as a person on the site would."""
    versions = {Section(letter): number for letter, number in draft_versions(item).items()}
    save_sections(monitoring_return=item, sections={Section(section): texts}, versions=versions, by=by)


def rules(upload: WorkbookUpload) -> list[str]:
    return [problem["rule"] for problem in upload.problems]
