"""The README is true: its commands exist with their options, its links lead somewhere, its settings are read."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
LINES = [line.strip() for block in BLOCKS for line in block.splitlines() if line.strip()]
MAKE = [line for line in LINES if line.startswith("make ")]
MANAGE = [line for line in LINES if line.startswith("manage.py ")]


def test_readme_names_the_commands_that_matter() -> None:
    assert {"make run", "make report YEAR=2020-21", "make test", "make test-fast", "make bench"} <= set(MAKE)
    assert len(MANAGE) >= 5


@pytest.mark.parametrize("line", MAKE)
def test_make_target_exists_and_make_accepts_it(line: str) -> None:
    dry_run = subprocess.run(["make", "--dry-run", *shlex.split(line)[1:]], cwd=ROOT, capture_output=True, text=True)
    assert dry_run.returncode == 0, dry_run.stderr
    assert dry_run.stdout.strip()


@pytest.mark.parametrize("line", MANAGE)
def test_command_exists_and_takes_the_options_shown(line: str) -> None:
    name, *arguments = shlex.split(line)[1:]
    command = load_command_class(get_commands()[name], name)
    parser = command.create_parser("manage.py", name)
    example = [{"ID": "1"}.get(argument, argument) for argument in arguments]
    parser.parse_args(example)  # Raises CommandError for an option or argument that does not exist.
    assert command.help


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(((?!http)[^)#]+)\)", README))))
def test_link_leads_to_a_file_of_the_project(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([A-Z][A-Z_]{5,})(?:=1)?`", README))))
def test_setting_named_is_read_from_the_environment(name: str) -> None:
    assert f'"{name}"' in (ROOT / "vru" / "settings.py").read_text(encoding="utf-8")


def test_processes_named_are_importable() -> None:
    assert "gunicorn vru.wsgi:application" in LINES
    assert "celery --app vru.celery worker" in LINES
    assert (ROOT / "vru" / "wsgi.py").exists()
    assert (ROOT / "vru" / "celery.py").exists()
