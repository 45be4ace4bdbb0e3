"""Writing a return as a workbook: what is known filled in, what is asked unlocked, everything else locked."""

from __future__ import annotations

import datetime
import io
import json
from typing import Any

import xlsxwriter

from grants.questionnaire import Box
from grants.workbook.cells import written_text
from grants.workbook.contents import Contents
from grants.workbook.layout import SheetPlan, fingerprint, lay_out
from grants.workbook.section_sheet import SectionSheet
from grants.workbook.shape import (
    ABOUT_SHEET,
    FORMAT,
    LISTS_SHEET,
    MARKS_SHEET,
    START_SHEET,
    TEMPLATE_VERSION,
)
from grants.workbook.styles import HEADING, Styles

A4 = 9


def workbook_of(contents: Contents) -> bytes:
    """The return as an Excel workbook."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    created = contents.made_at.astimezone(datetime.UTC).replace(tzinfo=None)
    book.set_properties(
        {"title": f"Return {contents.grant_ref} {contents.quarter}", "author": contents.unit, "created": created}
    )
    styles, plans = Styles(book), lay_out(contents.boxes, contents.typed)
    start = book.add_worksheet(START_SHEET)
    marks = book.add_worksheet(MARKS_SHEET) if contents.marks else None
    pages = {plan.name: book.add_worksheet(plan.name) for plan in plans}
    lists = _write_lists(book, contents.boxes)
    marked = {mark.box for mark in contents.marks if mark.box and mark.is_error}
    for plan in plans:
        SectionSheet(pages[plan.name], plan, plans, contents, styles, lists, marked).write()
    _write_start(start, contents, plans, styles)
    if marks is not None:
        _write_marks(marks, contents, plans, styles)
        marks.activate()
    _write_about(book, contents)
    for page in (start, *([marks] if marks else []), *pages.values()):
        _for_print(page, contents)
    book.close()
    return target.getvalue()


def _write_lists(book: Any, boxes: list[Box]) -> dict[tuple[tuple[str, str], ...], str]:
    """The words of each drop-down in a column of their own; returns the range of each set of choices."""
    page = book.add_worksheet(LISTS_SHEET)
    page.very_hidden()
    ranges: dict[tuple[tuple[str, str], ...], str] = {}
    for box in boxes:
        if not box.choices or box.choices in ranges:
            continue
        column = len(ranges)
        for row, (_, label) in enumerate(box.choices):
            page.write_string(row, column, label)
        letters = xlsxwriter.utility.xl_col_to_name(column, True)
        ranges[box.choices] = f"={LISTS_SHEET}!{letters}$1:{letters}${len(box.choices)}"
    return ranges


def _write_about(book: Any, contents: Contents) -> None:
    """Which return this is: an old form or another grant's file is known by it."""
    page = book.add_worksheet(ABOUT_SHEET)
    page.very_hidden()
    lines = {
        "format": FORMAT,
        "template": str(TEMPLATE_VERSION),
        "grant": contents.grant_ref,
        "quarter": contents.quarter_key,
        "questionnaire": "" if contents.questionnaire is None else str(contents.questionnaire),
        "fingerprint": fingerprint(contents.boxes),
        "versions": json.dumps(dict(contents.versions)),
        "made_at": contents.made_at.isoformat(),
    }
    for row, (name, text) in enumerate(lines.items()):
        page.write_string(row, 0, name)
        page.write_string(row, 1, text)


def _for_print(page: Any, contents: Contents) -> None:
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    layer = "Illustrative: invented for a demonstration" if contents.is_illustrative else ""
    page.set_header(f"&L{_plain(contents.grant_ref)} {_plain(contents.quarter)}&C{layer}&R&A")
    page.set_footer("&RPage &P of &N")
    page.hide_gridlines(2)
    page.protect("", {"format_columns": True, "format_rows": True})


def _plain(text: str) -> str:
    return text.replace("&", "&&")


def _write_start(page: Any, contents: Contents, plans: list[SheetPlan], styles: Styles) -> None:
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 74)
    page.set_column(2, 2, 16)
    page.set_row(0, 30)
    page.write_string(0, 0, f"Return for {contents.quarter}", styles.title)
    row = 1
    if contents.is_illustrative:
        page.write_string(row, 0, "Illustrative: this grant is invented for a demonstration.", styles.layer)
        row += 1
    facts = {
        "Grant": f"{contents.grant_ref}  {contents.grant_title}",
        "Organisation": contents.organisation,
        "Send it by the end of": f"{contents.due_on:%-d %B %Y}",
        "Your programme manager": contents.manager,
        "Form": f"Version {TEMPLATE_VERSION}, downloaded on {contents.made_at:%-d %B %Y at %H:%M}",
    }
    for label, text in facts.items():
        if text:
            page.write_string(row, 0, label, styles.strong)
            page.write_string(row, 1, text, styles.body)
            row += 1
    for title, sentences in INSTRUCTIONS:
        row += 1
        page.write_string(row, 0, title, styles.subtitle)
        for sentence in sentences:
            row += 1
            page.write_string(row, 0, f"•  {sentence}", styles.make())
        row += 1
    _write_contents_table(page, row + 1, plans, styles)


def _write_contents_table(page: Any, row: int, plans: list[SheetPlan], styles: Styles) -> None:
    page.write_string(row, 0, "Sheet", styles.heading)
    page.write_string(row, 1, "What it asks", styles.heading)
    page.write_string(row, 2, "Still needed", styles.make(**HEADING | {"align": "right"}))
    for plan in plans:
        row += 1
        page.write_url(row, 0, f"internal:'{plan.name}'!C4", styles.link, plan.name)
        count = sum(1 for _ in plan.boxes)
        page.write_string(row, 1, f"{count} box{'' if count == 1 else 'es'}", styles.body)
        formula = f"=COUNTIF('{plan.name}'!$D:$D,\"Needed\")"
        page.write_formula(row, 2, formula, styles.make(align="right", bold=True), 0)


def _write_marks(page: Any, contents: Contents, plans: list[SheetPlan], styles: Styles) -> None:
    """What to put right, one line each, in the order asked, with a link to the cell; then what is unusual."""
    where = {line.box.name: (plan, line) for plan in plans for line in plan.boxes if line.box is not None}
    count = sum(mark.is_error for mark in contents.marks)
    page.set_row(0, 30)
    page.write_string(0, 0, f"{count} thing{'' if count == 1 else 's'} to put right", styles.title)
    page.write_string(1, 0, "Each cell to put right is red on its sheet. Mend it there, save, upload.", styles.sentence)
    headings = {"": 11, "Sheet": 26, "Row": 7, "Column": 9, "Question": 42, "What we found": 24, "What is wanted": 66}
    for column, (heading, width) in enumerate(headings.items()):
        page.set_column(column, column, width)
        page.write_string(2, column, heading or "What to do", styles.heading)
    page.freeze_panes(3, 0)
    page.repeat_rows(2)
    for row, mark in enumerate(contents.marks, start=3):
        page.write_string(row, 0, "Put right" if mark.is_error else "Look at", styles.strong)
        if mark.box in where:
            plan, line = where[mark.box]
            page.write_url(row, 1, f"internal:'{plan.name}'!C{line.row + 1}", styles.link, plan.name)
            page.write_number(row, 2, line.row + 1, styles.body)
            page.write_string(row, 3, "C", styles.body)
            page.write_string(row, 4, line.label, styles.body)
        page.write_string(row, 5, written_text(mark.found[:200]), styles.body)
        page.write_string(row, 6, written_text(mark.message[:2000]), styles.body)
        page.set_row(row, 14 * max(1, -(-len(mark.message) // 60)) + 3)


INSTRUCTIONS = (
    (
        "How to fill it in",
        (
            "Fill in the yellow cells. Everything else is locked, without a password; it is there to help you.",
            "What you have saved on the site is filled in already. You may change or empty it.",
            "Type numbers as plain figures, such as 1169 or 1234.50. A formula cannot be sent: type what it comes to.",
            "Where a cell offers a list, choose from it. Leave a cell empty when you do not know; a true zero is 0.",
            "Do not insert, sort or merge rows. You may rename sheets and make columns wider.",
        ),
    ),
    (
        "How to count people",
        (
            "Count each new person once under this grant. Sessions and attendances are contacts, not people.",
            "Each breakdown adds up to the number of new people. Use “Not known” for people you have no answer for.",
            "Give counts only. Never name a person, or give a date of birth, postcode or telephone number of one.",
        ),
    ),
    (
        "When you have finished",
        (
            "Save it as an Excel Workbook (.xlsx) and upload it on the return’s page.",
            "You are shown what would change, and anything to put right. Nothing is replaced before you say yes.",
            "Then check your answers on the site and make the declaration: the workbook does not send the return.",
        ),
    ),
)
