"""Sizes and words: no file over 500 lines, no function over 60, nothing left for later, no machine's address."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 500, 60
LATER = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|pytest\.skip|mark\.skip|mark\.xfail|importorskip")
ELSEWHERE = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org|(?<![\w.])/work/", re.IGNORECASE)
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".html", ".css", ".json", ".cfg", ".sh", ".in", ""}


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return [ROOT / name for name in listed if name and (ROOT / name).is_file() and Path(name).suffix in suffixes]


def own_python() -> list[Path]:
    return [path for path in tracked(".py") if "migrations" not in path.parts]


def test_no_python_file_is_longer_than_the_house_allows() -> None:
    long = {
        str(path.relative_to(ROOT)): n for path in own_python() if (n := path.read_text().count("\n")) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_longer_than_the_house_allows() -> None:
    long = []
    for path in own_python():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} ({lines})")
    assert long == []


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in own_python()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LATER.search(line)
    ]
    assert found == []


def test_no_text_names_a_machine_or_a_package_registry() -> None:
    found = []
    for path in tracked(*TEXT):
        if path == Path(__file__) or path.name.endswith(".min.js"):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in [ELSEWHERE.search(text)] if match]
    assert found == []


def test_every_module_says_what_it_is() -> None:
    silent = []
    for path in own_python():
        source = path.read_text()
        is_quiet_kind = path.name in {"__init__.py", "apps.py", "urls.py", "conftest.py"} or "factories" in path.parts
        if source.strip() and not is_quiet_kind and ast.get_docstring(ast.parse(source)) is None:
            silent.append(str(path.relative_to(ROOT)))
    assert silent == []
