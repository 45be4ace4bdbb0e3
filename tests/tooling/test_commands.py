"""The commands people type: their messages, and the sums at the end of a test run."""

from __future__ import annotations

import importlib.util
import os
import re
import socket
import subprocess
from pathlib import Path
from types import ModuleType

import checks
import common
import pytest

ROOT = Path(__file__).resolve().parents[2]


def script(name: str) -> ModuleType:
    """A script by its path: "test" and "run" are names that other modules have too."""
    spec = importlib.util.spec_from_file_location(f"vru_script_{name}", ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name while they are made.
    common.sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_busy_port_names_the_command_with_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(common.Stop, match=f"Port {port} is in use.*make run PORT="):
            script("run").check_port(port)


def test_links_in_mail_lead_to_the_port_that_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRU_SITE_URL", "http://localhost:8000")
    script("run").links_lead_to(8123)
    assert os.environ["VRU_SITE_URL"] == "http://127.0.0.1:8123"


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "80.5"])
def test_port_that_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(common.Stop, match="whole number from 1 to 65535"):
        script("run").port_number(text)


def test_free_port_is_accepted() -> None:
    assert script("run").check_port(common.free_port()) is None


def test_counts_add_up_and_errors_count_as_failures(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="10" failures="1" errors="2" skipped="3"/></testsuites>')
    assert script("test").read_counts(report) == {"passed": 4, "failed": 3, "skipped": 3}


def test_run_that_died_before_its_report_counts_nothing(tmp_path: Path) -> None:
    assert script("test").read_counts(tmp_path / "none.xml") == {"passed": 0, "failed": 0, "skipped": 0}


def test_summary_closes_as_pytest_does() -> None:
    test = script("test")
    good = test.Outcome("pytest on SQLite", 3, False, "", {"passed": 7, "failed": 0, "skipped": 0})
    assert test.summary([good], 3).splitlines()[-1] == "=== 7 passed in 3.00s ==="


def test_stage_without_a_failing_test_still_counts_as_a_failure() -> None:
    test = script("test")
    outcomes = [
        test.Outcome("pytest on SQLite", 3, False, "", {"passed": 7, "failed": 0, "skipped": 0}),
        test.Outcome("mypy", 1, True),
        test.Outcome("pytest on PostgreSQL", 0, True, "PostgreSQL did not start."),
    ]
    text = test.summary(outcomes, 4)
    assert "PostgreSQL did not start." in text
    assert text.splitlines()[-1] == "=== 2 failed, 7 passed in 4.00s ==="


def test_developers_own_settings_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://production")
    monkeypatch.setenv("VRU_DEMO", "1")
    with script("test").clean_environment() as environment:
        assert "DATABASE_URL" not in environment
        assert "VRU_DEMO" not in environment
        assert Path(environment["VRU_VAR_DIR"]).is_dir()
    assert not Path(environment["VRU_VAR_DIR"]).exists()


def test_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert targets == set(re.findall(r"^  make ([a-z-]+)", shown, re.MULTILINE))
    assert {"run", "report", "test", "test-fast", "bench", "lock"} <= targets


def test_every_target_runs_a_script_that_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"\$\(IN_(?:RUNTIME|DEV)\) ([a-z-]+)", makefile))
    assert named
    for name in named:
        assert (ROOT / "scripts" / f"{name}.py").exists(), name


def test_integration_runs_what_people_run() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text()


def test_every_check_is_part_of_the_whole() -> None:
    assert set(checks.lint_checks()) | {"mypy", "migrations"} == set(checks.all_checks())
