"""The direction of the house: every import, wherever it stands, and every foreign key points down or sideways."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
# From the ground up. The longest matching prefix decides; what is left of `vru` is the composition root at the top.
FLOORS = (
    "vru.lib",
    "vru.accounts",
    "vru.jobs",
    "programmes",
    # The rooms of grants, each above those it may ask: what is asked and when, is it right, what was said, the writes
    # (with the copies and workbooks they make), then the doors.
    "grants.models",
    "grants.questionnaire",
    "grants.timetable",
    "grants.validation",
    "grants.errors",
    "grants.answers",
    "grants.money",
    "grants.messages",
    "grants.documents",
    "grants.workbook",
    "grants.agreements",
    "grants.actions",
    "grants.imports",
    "grants.work",
    "grants.filters",
    "grants.return_filters",
    "grants.search",
    "grants.exports",
    "grants.api",
    "grants.views",
    "grants",
    # The rooms of evaluation: what was counted, what people typed, what contradicts; what is printed and who attacks
    # it; what helps to write, to trace, to sign; the writes, then the doors.
    "evaluation.models",
    "evaluation.messages",
    "evaluation.figures",
    "evaluation.areas",
    "evaluation.position",
    "evaluation.funder_rules",
    "evaluation.reconciliation",
    # What a report is about and how its text is written down, which numbers and rules read too.
    "evaluation.reports.errors",
    "evaluation.reports.markup",
    "evaluation.reports.forms.period",
    "evaluation.reports.as_at",
    "evaluation.numbers",
    "evaluation.rules",
    # What the rules find is kept before the facts of a report are read.
    "evaluation.actions.issues",
    "evaluation.reports",
    "evaluation.loading",
    "evaluation.disclosure_audit",
    # What the audit finds is kept before the checks of a signature read it.
    "evaluation.actions.auditing",
    "evaluation.writing",
    "evaluation.writing_aid",
    "evaluation.tracing",
    "evaluation.signing",
    "evaluation.actions",
    "evaluation.tasks",
    "evaluation.views",
    "evaluation.addresses",
    "evaluation",
    "vru",
)
PACKAGES = ("vru", "programmes", "grants", "evaluation")
# Files that are read before any app exists, so they sit on the ground although they lie in the root package.
GROUND = {"vru.settings"}


def modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = path
    return found


MODULES = modules()


def floor(module: str) -> int:
    matches = [index for index, prefix in enumerate(FLOORS) if module == prefix or module.startswith(f"{prefix}.")]
    return max(matches, key=lambda index: len(FLOORS[index]))


def imports_of(name: str) -> Iterator[str]:
    """Our own modules that a module imports: at the top, inside functions and under TYPE_CHECKING alike."""
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        targets: list[str] = []
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} uses a relative import."
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            targets = [target if target in MODULES else str(node.module) for target in inside]
        yield from (target for target in targets if target.split(".")[0] in PACKAGES)


def runtime_imports_of(name: str) -> Iterator[str]:
    """The same without TYPE_CHECKING blocks: what could make a cycle when the program runs."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in PACKAGES:
            for alias in node.names:
                target = f"{node.module}.{alias.name}"
                yield target if target in MODULES else str(node.module)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_module_imports_only_from_its_own_floor_or_below(name: str) -> None:
    upward = [target for target in imports_of(name) if floor(target) > floor(name) and target not in GROUND]
    assert not upward, f"{name} is on the floor of {FLOORS[floor(name)]} and imports upward: {upward}"


def test_no_import_stands_inside_a_function() -> None:
    inside = []
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inside += [
                    f"{name}:{child.lineno}"
                    for child in ast.walk(node)
                    if isinstance(child, ast.Import | ast.ImportFrom)
                ]
    assert inside == []


def test_modules_import_each_other_without_a_cycle() -> None:
    graph = {
        name: {target for target in runtime_imports_of(name) if target in MODULES and target != name}
        for name in MODULES
    }
    # A package's __init__ re-exports its own modules; that edge is the package itself, not a dependency.
    for name in graph:
        graph[name] = {target for target in graph[name] if not name.startswith(f"{target}.")}
    done: set[str] = set()
    path: list[str] = []

    def visit(name: str) -> None:
        assert name not in path, f"Cycle: {' → '.join([*path[path.index(name) :], name])}"
        if name in done:
            return
        path.append(name)
        for target in sorted(graph[name]):
            visit(target)
        path.pop()
        done.add(name)

    for name in sorted(graph):
        visit(name)
    assert len(done) == len(graph)


def test_foreign_keys_point_down_or_sideways() -> None:
    upward = []
    for model in apps.get_models(include_auto_created=True):
        module = model.__module__
        if module.split(".")[0] not in PACKAGES:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or getattr(field, "auto_created", False) or isinstance(target, str):
                continue
            if target.__module__.split(".")[0] in PACKAGES and floor(target.__module__) > floor(module):
                upward.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert upward == []
