"""What a file is refused for, each with a stable code and a sentence that says how to mend it. Knows no Django."""

from __future__ import annotations

from vru.lib.tables.refusals import Unreadable


class FileRefused(Exception):
    """The file cannot be used at all. ``code`` is stable (F101); the message is for the person who sent it."""

    def __init__(self, code: str, **said: object) -> None:
        super().__init__(REFUSALS[code].format(**said))
        self.code = code


_SAVE_AS = "open it in your spreadsheet program, choose “Save as”, and pick “Excel Workbook (.xlsx)”"
REFUSALS = {
    "F101": "The file is empty. Save the workbook again and upload that copy.",
    "F102": "The file is larger than {most} MB. A filled-in return is far smaller: take pictures and other sheets out.",
    "F103": "The workbook is protected by a password. Take the password off, save it and upload it again.",
    "F104": f"This is an older kind of Excel file (.xls). To send it, {_SAVE_AS}.",
    "F105": f"This is a binary Excel file (.xlsb). To send it, {_SAVE_AS}.",
    "F106": f"This workbook holds macros, which we never run. To send it, {_SAVE_AS}.",
    "F107": "This is a plain text or CSV file, which holds only one of the sheets. "
    f"Go back to the workbook, {_SAVE_AS}.",
    "F108": "This is not a workbook: it looks like {kind}. Upload the return’s own workbook, filled in.",
    "F109": "The file is damaged and cannot be opened. Save the workbook again and upload that copy.",
    "F110": "The workbook unpacks to far more than a return can hold, so it was not opened. "
    "Download a new workbook and copy your answers into it.",
    "F111": "The workbook could not be read within the time and memory set aside for one return. "
    "Download a new workbook and copy your answers into it.",
    "F112": "Sheet “{sheet}” has something in row {row}, column {column}, far outside the return. "
    "Clear everything outside the form, save and upload again.",
    "F113": "This is a workbook, but not the one for this return. Download the workbook from this page, fill that in "
    "and upload it.",
    "F114": "This workbook is for grant {found}, and this return is for grant {wanted}. "
    "Upload it on that grant’s page, or download the workbook from this one.",
    "F115": "This workbook is for {found}, and this return is for {wanted}. "
    "Download the workbook for {wanted} and fill that in.",
    "F116": "This workbook was made from an earlier version of the form ({found}). Download a new one, copy your "
    "answers into it and upload that.",
    "F117": "No answer could be found in the workbook: its hidden first column has gone. Download a new workbook and "
    "copy your answers into it.",
    "F118": "Sheet “{sheet}” has no column headed “Your answer”. Put the heading back, save and upload again.",
    "F119": "Files cannot be checked for viruses at the moment, so none can be taken in. Try again in an hour.",
    "F120": "The file holds a virus and was not kept. Check the device that it came from.",
}

_OF_READING = {
    "empty": "F101",
    "too_large": "F102",
    "locked": "F103",
    "old_excel": "F104",
    "binary_excel": "F105",
    "macros": "F106",
    "text": "F107",
    "other_kind": "F108",
    "damaged": "F109",
    "unpacks": "F110",
    "too_costly": "F111",
    "outside": "F112",
}


def refusal_of(error: Unreadable) -> FileRefused:
    """The refusal of a return for what any spreadsheet would be refused for."""
    return FileRefused(_OF_READING[error.reason], **error.said)


# About one cell: the rest of the workbook is read.
CELL_PROBLEMS = {
    "F201": "This cell holds a formula. We cannot rely on what it works out to: type the number itself.",
    "F202": "This cell shows an error of the spreadsheet. Type the answer itself.",
    "F203": "This cell is merged with others, so we cannot tell which answer it holds. Unmerge it and type the answer.",
    "F204": "This question stands in the workbook twice, with different answers. Delete the row you do not mean.",
    "F205": "The row of this question is not in the workbook. What is saved on the site stays as it is.",
    "F206": "This question is not asked in this return, so its answer was left out.",
}
# Told, but not in the way of anything: what is saved on the site simply stays.
NOTES = frozenset({"F205", "F206"})
