from vru.lib.tables.headings import headings_hash, plain_heading
from vru.lib.tables.limits import ReadingLimits
from vru.lib.tables.refusals import TableRefused
from vru.lib.tables.table import CellProblem, Row, SheetRows, Table, match_columns, read_table

__all__ = [
    "CellProblem",
    "ReadingLimits",
    "Row",
    "SheetRows",
    "Table",
    "TableRefused",
    "headings_hash",
    "match_columns",
    "plain_heading",
    "read_table",
]
