"""The tag tree of a rendered PDF, walked once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf

_NEVER_PRUNED = frozenset({"/TD", "/TH", "/TR", "/Document", "/Figure", "/LI", "/Lbl", "/LBody", "/Link"})


@dataclass(slots=True)
class Node:
    """A structure element, its parent, and the page (from 0) on which it starts."""

    element: Object
    parent: Object
    role: str
    page: int
    depth: int


@dataclass(slots=True)
class Table:
    """A table element with its rows, told apart by where they stand."""

    node: Node
    caption: bool = False
    head: Object | None = None
    head_rows: list[Object] = field(default_factory=list)
    body_rows: list[Object] = field(default_factory=list)
    bodies: list[Object] = field(default_factory=list)
    first_on_page: bool = False
    last_on_page: bool = False


@dataclass(slots=True)
class Structure:
    """What one walk found. `owners` maps a page to its array of elements, by marked-content number."""

    reachable: set[tuple[int, int]] = field(default_factory=set)
    tables: list[Table] = field(default_factory=list)
    figures: list[Node] = field(default_factory=list)
    prunable: list[Node] = field(default_factory=list)
    owners: dict[int, Object] = field(default_factory=dict)


def read_structure(pdf: Pdf) -> Structure:
    """Walk the tag tree of `pdf` in reading order. Raises ValueError when the file is not tagged."""
    root = pdf.Root.get(Name.StructTreeRoot)
    if root is None:
        raise ValueError("The PDF has no tag tree: it was not rendered as PDF/UA.")
    found = Structure()
    pages = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    numbers = root.ParentTree.Nums
    for position in range(0, len(numbers), 2):
        if int(numbers[position]) < len(pages) and isinstance(numbers[position + 1], Array):
            found.owners[int(numbers[position])] = numbers[position + 1]
    _Walk(found, pages).run(root)
    return found


class _Walk:
    """Depth first, in reading order; keeps what is needed to tell whether a table continues another."""

    def __init__(self, found: Structure, pages: dict[tuple[int, int], int]) -> None:
        self.found = found
        self.pages = pages
        self.seen: dict[int, int] = {}
        self.table: Table | None = None
        self.exits: list[tuple[Table, int]] = []

    def run(self, root: Object) -> None:
        for element in _kids(root):
            self.visit(element, root, 0)
        for table, count in self.exits:
            table.last_on_page = self.seen.get(table.node.page, 0) == count

    def visit(self, element: Object, parent: Object, depth: int) -> bool:
        """Walk one element; True when it, or anything in it, holds content."""
        self.found.reachable.add(element.objgen)
        role = str(element.S)
        if role == "/Table":
            return self.visit_table(element, parent, depth)
        node = Node(element, parent, role, self.page_of(element), depth)
        if role == "/Figure":
            self.found.figures.append(node)
        elif self.table is not None:
            self.note_table_part(node)
        held = self.visit_kids(node)
        if not held and role not in _NEVER_PRUNED:
            self.found.prunable.append(node)
        return held

    def visit_kids(self, node: Node) -> bool:
        held = False
        for kid in _kids(node.element):
            if isinstance(kid, int):
                self.seen[node.page] = self.seen.get(node.page, 0) + 1
                held = True
            elif isinstance(kid, Dictionary) and "/S" in kid:
                held = self.visit(kid, node.element, node.depth + 1) or held
            else:
                held = True  # a reference to an annotation
        return held

    def visit_table(self, element: Object, parent: Object, depth: int) -> bool:
        outer = self.table
        page = self.page_of(element)
        table = Table(Node(element, parent, "/Table", page, depth), first_on_page=not self.seen.get(page))
        self.table = table
        self.found.tables.append(table)
        held = self.visit_kids(table.node)
        self.exits.append((table, self.seen.get(page, 0)))
        self.table = outer
        return held

    def note_table_part(self, node: Node) -> None:
        table = self.table
        if table is None:
            return
        if node.role == "/Caption":
            table.caption = True
        elif node.role == "/THead":
            table.head = node.element
        elif node.role in ("/TBody", "/TFoot"):
            table.bodies.append(node.element)
        elif node.role == "/TR":
            in_head = table.head is not None and node.parent.objgen == table.head.objgen
            (table.head_rows if in_head else table.body_rows).append(node.element)

    def page_of(self, element: Object) -> int:
        page = element.get(Name.Pg)
        return -1 if page is None else self.pages[page.objgen]


def _kids(element: Object) -> list[Any]:
    kids = element.get(Name.K)
    if kids is None:
        return []
    return list(kids) if isinstance(kids, Array) else [kids]
