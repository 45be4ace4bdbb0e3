"""One section of the return on one sheet: title, headings, a row for each box, and totals that count themselves."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from grants.questionnaire import Box, BoxKind
from grants.workbook.cells import cell_value, written_text
from grants.workbook.contents import Beside, Contents
from grants.workbook.layout import Line, LineKind, SheetPlan, new_people_row
from grants.workbook.shape import (
    ANSWER_COLUMN,
    ANSWER_HEADING,
    CHECK_COLUMN,
    KEY_COLUMN,
    LABEL_COLUMN,
    PART_LENGTH,
    key_of,
)
from grants.workbook.styles import Styles

LAST, YEAR, TARGET = 4, 5, 6
NUMBER_WIDTHS = {1: 42, 2: 30, 3: 19, 4: 14, 5: 16, 6: 15, 7: 46}
WORD_WIDTHS = {1: 40, 2: 70, 3: 12, 4: 44, 5: 40}
MOST_TYPED = 999_999_999
_LINE_HEIGHT = 13.5
Choices = tuple[tuple[str, str], ...]


class SectionSheet:
    """Writes one sheet. Sections of numbers have columns for what is known; sections of words have room to write."""

    def __init__(
        self,
        page: Any,
        plan: SheetPlan,
        plans: list[SheetPlan],
        contents: Contents,
        styles: Styles,
        lists: Mapping[Choices, str],
        marked: set[str],
    ) -> None:
        self.page, self.plan, self.contents, self.styles = page, plan, contents, styles
        self.lists, self.marked = lists, marked
        self.new_people = new_people_row(plans)
        self.help_column = TARGET + 1 if plan.has_numbers else LAST + 1
        self.widths = NUMBER_WIDTHS if plan.has_numbers else WORD_WIDTHS

    def write(self) -> None:
        self._head()
        for line in self.plan.lines:
            if line.kind is LineKind.GROUP:
                self._group(line)
            elif line.kind is LineKind.BOX:
                self._box(line)
            elif line.kind is LineKind.MORE:
                self._more(line)
            else:
                self._total(line)

    def _head(self) -> None:
        page, styles = self.page, self.styles
        page.set_column(KEY_COLUMN, KEY_COLUMN, 4, None, {"hidden": True})
        for column, width in self.widths.items():
            page.set_column(column, column, width)
        page.set_row(0, 28)
        page.write_string(0, LABEL_COLUMN, str(self.plan.section.label), styles.title)
        layer = "Illustrative: invented for a demonstration. " if self.contents.is_illustrative else ""
        sentence = f"{layer}{self.contents.grant_ref}, {self.contents.quarter}. Fill in the yellow cells."
        page.write_string(1, LABEL_COLUMN, sentence, styles.sentence)
        headings = {LABEL_COLUMN: "Question", ANSWER_COLUMN: ANSWER_HEADING, CHECK_COLUMN: "Check"}
        headings[LAST] = "Last quarter"
        if self.plan.has_numbers:
            headings |= {YEAR: "This year before this quarter", TARGET: "Target or plan"}
        headings[self.help_column] = "Help"
        page.set_row(2, 32)
        for column, heading in headings.items():
            page.write_string(2, column, heading, styles.heading)
        page.freeze_panes(3, ANSWER_COLUMN)
        page.repeat_rows(2)

    def _group(self, line: Line) -> None:
        self.page.set_row(line.row, 18)
        self.page.write_string(line.row, LABEL_COLUMN, line.label, self.styles.group)
        for column in range(ANSWER_COLUMN, self.help_column + 1):
            self.page.write_blank(line.row, column, None, self.styles.group)

    def _box(self, line: Line) -> None:
        assert line.box is not None
        box, row, styles = line.box, line.row, self.styles
        self.page.write_string(row, KEY_COLUMN, key_of(box.name), styles.hidden)
        self.page.write_string(row, LABEL_COLUMN, box.label, styles.label)
        self._answer(box, row)
        self._check(box, row)
        beside = self.contents.beside.get(box.name, Beside())
        last = written_text(box.in_words(beside.last))[:PART_LENGTH]
        self.page.write_string(row, LAST, last, styles.known if box.kind.number else styles.help)
        if self.plan.has_numbers:
            self.page.write_string(row, YEAR, beside.year_before, styles.known)
            self.page.write_string(row, TARGET, beside.target, styles.known)
        self.page.write_string(row, self.help_column, box.hint, styles.help)
        self.page.set_row(row, self._height(box))

    def _answer(self, box: Box, row: int) -> None:
        style = self.styles.answer(box, wrong=box.name in self.marked)
        value = cell_value(box, self.contents.typed.get(box.name, ""))
        if isinstance(value, Decimal):
            self.page.write_number(row, ANSWER_COLUMN, value, style)
        elif value:
            self.page.write_string(row, ANSWER_COLUMN, value[:PART_LENGTH], style)
        else:
            self.page.write_blank(row, ANSWER_COLUMN, None, style)
        if rule := self._rule(box):
            self.page.data_validation(row, ANSWER_COLUMN, row, ANSWER_COLUMN, rule)
        if box.name in self.marked:
            said = [mark.message for mark in self.contents.marks if mark.box == box.name and mark.is_error]
            options = {"author": self.contents.unit, "x_scale": 2.4, "y_scale": 1.2, "color": "#FFF2F0"}
            self.page.write_comment(row, ANSWER_COLUMN, written_text("\n".join(said))[:1000], options)

    def _rule(self, box: Box) -> dict[str, Any] | None:
        """What the cell itself checks. The site checks again, and more."""
        if box.choices:
            return {
                "validate": "list",
                "source": self.lists[box.choices],
                "error_title": "Choose from the list",
                "error_message": "Choose one of the answers in the list.",
            }
        if box.kind is BoxKind.PEOPLE:
            return _number_rule("integer", 0, "Enter a whole number, 0 or more. Leave it empty if you do not know.")
        if box.kind is BoxKind.MONEY:
            return _number_rule("decimal", 0, "Enter pounds and pence as a plain number, such as 1234.50.")
        if box.kind is BoxKind.DECIMAL:
            return _number_rule("decimal", -MOST_TYPED, "Enter a plain number, such as 12.5.")
        return None

    def _check(self, box: Box, row: int) -> None:
        cell = f"C{row + 1}"
        typed = self.contents.typed.get(box.name, "")
        needed = '"Needed"' if box.required else '""'
        if box.kind.number is None:
            formula = f'=IF(TRIM({cell})="",{needed},"")' if box.required else ""
        elif box.kind.number == "percent":
            formula = f'=IF({cell}="",{needed},"")'
        else:
            formula = f'=IF({cell}="",{needed},IF(ISNUMBER({cell}),"","Type a plain number"))'
        if not formula:
            self.page.write_blank(row, CHECK_COLUMN, None, self.styles.check)
            return
        says = "Needed" if box.required and not typed.strip() else ""
        if typed.strip() and box.kind.number is not None and not isinstance(cell_value(box, typed), Decimal):
            says = "Type a plain number"
        self.page.write_formula(row, CHECK_COLUMN, formula, self.styles.check, says)

    def _more(self, line: Line) -> None:
        """A row that a very long text goes on in."""
        assert line.box is not None
        box, start = line.box, (line.part - 1) * PART_LENGTH
        text = written_text(self.contents.typed.get(box.name, ""))[start : start + PART_LENGTH]
        self.page.write_string(line.row, KEY_COLUMN, key_of(box.name, line.part), self.styles.hidden)
        self.page.write_string(line.row, LABEL_COLUMN, line.label, self.styles.label)
        style = self.styles.answer(box, wrong=box.name in self.marked)
        self.page.write_string(line.row, ANSWER_COLUMN, text, style)
        self.page.set_row(line.row, 90)

    def _total(self, line: Line) -> None:
        """A locked total; for a breakdown also whether it comes to the number of new people."""
        row, money = line.row, line.kind is LineKind.SPEND_TOTAL
        self.page.write_string(row, LABEL_COLUMN, line.label, self.styles.total_label)
        total = self._sum_typed(line.adds)
        cells = ",".join(_spans(line.adds))
        self.page.write_formula(row, ANSWER_COLUMN, f"=SUM({cells})", self.styles.total(money=money), float(total))
        if money or self.new_people is None:
            return
        sheet, new_row = self.new_people
        new, mine = f"'{sheet}'!$C${new_row + 1}", f"C{row + 1}"
        formula = (
            f'=IF(NOT(ISNUMBER({new})),"Fill in new people first",IF({mine}={new},"Adds up",'
            f'IF({mine}<{new},({new}-{mine})&" too few",({mine}-{new})&" too many")))'
        )
        self.page.write_formula(row, CHECK_COLUMN, formula, self.styles.check, self._adds_up(total))
        here = (row, CHECK_COLUMN, row, CHECK_COLUMN)
        self.page.conditional_format(
            *here, {"type": "cell", "criteria": "==", "value": '"Adds up"', "format": self.styles.right_text}
        )
        self.page.conditional_format(
            *here, {"type": "cell", "criteria": "!=", "value": '"Adds up"', "format": self.styles.wrong_text}
        )

    def _sum_typed(self, rows: tuple[int, ...]) -> Decimal:
        wanted = set(rows)
        values = [
            cell_value(line.box, self.contents.typed.get(line.box.name, ""))
            for line in self.plan.boxes
            if line.row in wanted and line.box is not None
        ]
        return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))

    def _adds_up(self, total: Decimal) -> str:
        """What the check says now, for programs that show a workbook without working it out."""
        box = next((box for box in self.contents.boxes if box.name == "reach.new"), None)
        new = cell_value(box, self.contents.typed.get(box.name, "")) if box else ""
        if not isinstance(new, Decimal):
            return "Fill in new people first"
        gap = total - new
        return "Adds up" if not gap else f"{-gap:f} too few" if gap < 0 else f"{gap:f} too many"

    def _height(self, box: Box) -> float:
        lines = max(
            _lines(box.label, self.widths[LABEL_COLUMN]),
            _lines(box.hint, self.widths[self.help_column] * 1.15),
            1 if box.kind.number else _lines(self.contents.typed.get(box.name, ""), self.widths[ANSWER_COLUMN]),
        )
        least = 72.0 if box.kind is BoxKind.LONG else 18.0
        return min(400.0, max(least, lines * _LINE_HEIGHT + 5))


def _number_rule(kind: str, least: int, sentence: str) -> dict[str, Any]:
    return {
        "validate": kind,
        "criteria": "between",
        "minimum": least,
        "maximum": MOST_TYPED,
        "error_title": "Check this number",
        "error_message": sentence,
    }


def _lines(text: str, width: float) -> int:
    return sum(max(1, -(-len(line) // int(width))) for line in text.split("\n")) if text else 1


def _spans(rows: tuple[int, ...]) -> list[str]:
    """Rows as cell references, neighbours as ranges: (4, 5, 6, 9) → ["C5:C7", "C10"]."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and spans[-1][1] == row - 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return [f"C{first + 1}:C{last + 1}" if last > first else f"C{first + 1}" for first, last in spans]
