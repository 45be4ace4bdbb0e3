"""Tables of a tag tree: one table stays one table over a page break, and every header says what it heads."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object

from vru.lib.pdf.structure import Structure, Table


def join_continued_tables(structure: Structure) -> None:
    """Give the rows of a continued table to the table they continue; its repeated head becomes furniture.

    A table continues the one before it when that one ends its page, this one begins the next page without a
    caption, and both have heads of the same width. Every table of ours carries a caption, which is not
    repeated, so that two different tables are never taken for one.
    """
    joined: list[Table] = []
    for table in structure.tables:
        first = joined[-1] if joined else None
        if first is not None and _continues(first, table):
            _move_rows(first, table, structure)
        else:
            joined.append(table)
    structure.tables[:] = joined


def _continues(first: Table, table: Table) -> bool:
    return (
        not table.caption
        and first.last_on_page
        and table.first_on_page
        and table.node.page == first.node.page + 1
        and table.node.depth == first.node.depth
        and [len(_cells(row)) for row in table.head_rows] == [len(_cells(row)) for row in first.head_rows]
        and bool(first.bodies)
    )


def _move_rows(first: Table, table: Table, structure: Structure) -> None:
    body = first.bodies[-1]
    kids = Array(body.K)
    for row in table.body_rows:
        row.P = body
        kids.append(row)
    body.K = kids
    first.body_rows += table.body_rows
    # From here on "first" ends where the continuation ends, so that a third page can join too.
    first.last_on_page = table.last_on_page
    first.node.page = table.node.page
    _forget(table.node.element, {row.objgen for row in table.body_rows}, structure)
    table.node.element.K = Array()
    parent = table.node.parent
    mine = table.node.element.objgen
    parent.K = Array([kid for kid in parent.K if isinstance(kid, int) or kid.objgen != mine])


def _forget(element: Object, keep: set[tuple[int, int]], structure: Structure) -> None:
    """Take `element` and what is in it, but not the rows in `keep`, out of the reachable set."""
    if element.objgen in keep:
        return
    structure.reachable.discard(element.objgen)
    for kid in element.get(Name.K, Array()):
        if isinstance(kid, Dictionary) and "/S" in kid:
            _forget(kid, keep, structure)


def mark_headers(table: Table) -> None:
    """Scope on every header: column in the head (or in a row of headers only), row elsewhere.

    The renderer's own `Headers` lists point at identifiers it never registers, and at heads that a joined
    table no longer has; scopes say the same and hold, so the lists go.
    """
    for row in table.head_rows:
        for cell in _cells(row):
            _scope(cell, Name.Column)
    for row in table.body_rows:
        cells = _cells(row)
        only_headers = len(cells) > 1 and all(cell.S == Name.TH for cell in cells)
        for cell in cells:
            if cell.S == Name.TH:
                _scope(cell, Name.Column if only_headers else Name.Row)
            else:
                attributes = cell.get(Name.A)
                if attributes is not None and "/Headers" in attributes:
                    del attributes["/Headers"]


def _scope(cell: Object, scope: Name) -> None:
    attributes = cell.get(Name.A)
    if attributes is None:
        cell.A = Dictionary(O=Name.Table, Scope=scope)
    elif "/Scope" not in attributes:
        attributes.Scope = scope
    if "/ID" in cell:
        del cell["/ID"]


def _cells(row: Object) -> list[Object]:
    return [kid for kid in row.get(Name.K, Array()) if isinstance(kid, Dictionary) and "/S" in kid]
