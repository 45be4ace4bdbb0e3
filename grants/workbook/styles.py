"""How a workbook looks: one dark blue, one pale yellow for what is to be filled in, contrast of at least 7 to 1."""

from __future__ import annotations

from typing import Any

from grants.questionnaire import Box, BoxKind

BLUE, PALE_BLUE, INK, GREY = "#12315C", "#E3EBF6", "#0B0C0C", "#3C4650"
YELLOW, EDGE = "#FFF9DB", "#8A8F94"
RED, PALE_RED, GREEN, PALE_GREEN = "#8B1A10", "#FBE4E1", "#005A30", "#E0F2E7"
FONT = "Arial"
HEADING: dict[str, Any] = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": BLUE,
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
}

NUMBER_FORMATS = {
    BoxKind.PEOPLE: "#,##0",
    BoxKind.MONEY: "£#,##0.00",
    BoxKind.DECIMAL: "General",
}


class Styles:
    """The formats of one workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        wrapped = {"text_wrap": True, "valign": "top"}
        self.title = self.make(bold=True, font_size=16, font_color=BLUE, valign="vcenter")
        self.sentence = self.make(font_color=GREY, valign="vcenter")
        self.heading = self.make(**HEADING)
        self.subtitle = self.make(bold=True, font_size=12, font_color=BLUE, valign="bottom")
        self.group = self.make(bold=True, font_color=BLUE, bg_color=PALE_BLUE, top=1, bottom=1, border_color=BLUE)
        self.label = self.make(**wrapped, bottom=4, bottom_color=EDGE)
        self.known = self.make(align="right", valign="top", font_color=GREY, bottom=4, bottom_color=EDGE)
        self.help = self.make(**wrapped, font_color=GREY, font_size=9, bottom=4, bottom_color=EDGE)
        self.check = self.make(**wrapped, bold=True, font_color=RED, bottom=4, bottom_color=EDGE)
        self.total_label = self.make(bold=True, **wrapped, top=1)
        self.body = self.make(**wrapped)
        self.strong = self.make(**wrapped, bold=True)
        self.link = self.make(**wrapped, font_color="#1A4F9C", underline=1)
        self.layer = self.make(bold=True, font_color=RED)
        self.hidden = self.make(font_color="#FFFFFF")
        self.wrong_text = self.make(font_color=RED, bg_color=PALE_RED, bold=True)
        self.right_text = self.make(font_color=GREEN, bg_color=PALE_GREEN, bold=True)

    def make(self, **options: Any) -> Any:
        key = tuple(sorted(options.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": FONT, "font_size": 10, "font_color": INK} | options)
        return self._made[key]

    def answer(self, box: Box, *, wrong: bool) -> Any:
        """The one kind of cell that may be filled in. Text cells take what is typed as it is typed."""
        numeric = box.kind.number is not None
        colours = (
            {"bg_color": PALE_RED, "border_color": RED, "border": 2}
            if wrong
            else {"bg_color": YELLOW, "border_color": EDGE, "border": 1}
        )
        return self.make(
            locked=False,
            num_format=NUMBER_FORMATS.get(box.kind, "@"),
            align="right" if numeric else "left",
            valign="top",
            text_wrap=not numeric,
            **colours,
        )

    def total(self, *, money: bool) -> Any:
        return self.make(bold=True, align="right", valign="top", top=1, num_format="£#,##0.00" if money else "#,##0")
