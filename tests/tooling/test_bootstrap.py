"""The set-up: what it notices before it hands over, and what it says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import bootstrap
import common
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with locks and a working, complete runtime environment that holds one package."""
    (tmp_path / "requirements").mkdir()
    for name in ("uv", "runtime", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1")
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "lib" / "python3" / "site-packages" / "django").mkdir(parents=True)
    names = {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / ".complete.json",
        "UNFINISHED": venv / ".unfinished",
    }
    for name, value in names.items():
        monkeypatch.setattr(bootstrap, name, value)
    stamp_as("runtime")
    return tmp_path


def stamp_as(kind: str) -> None:
    digest = bootstrap.lock_digest(kind)
    stamp = {"kind": kind, "digest": digest, "place": str(bootstrap.VENV), "names": bootstrap.installed_names()}
    bootstrap.STAMP.write_text(json.dumps(stamp))


def test_complete_environment_is_used_as_it_is(project: Path) -> None:
    assert bootstrap.is_complete("runtime")
    assert not bootstrap.is_complete("dev")


def test_development_environment_serves_running_too(project: Path) -> None:
    stamp_as("dev")
    assert bootstrap.is_complete("runtime")


def test_changed_lock_is_noticed_but_keeps_the_environment(project: Path) -> None:
    (project / "requirements" / "runtime.txt").write_text("runtime==2")
    assert not bootstrap.is_complete("runtime")
    assert bootstrap.is_sound()


def test_removed_package_is_noticed(project: Path) -> None:
    shutil.rmtree(project / ".venv/lib/python3/site-packages/django")
    assert not bootstrap.is_complete("runtime")
    assert not bootstrap.is_sound()


def test_package_somebody_added_is_left_alone(project: Path) -> None:
    (project / ".venv/lib/python3/site-packages/ipdb").mkdir()
    assert bootstrap.is_complete("runtime")


def test_interrupted_installation_is_noticed(project: Path) -> None:
    (project / ".venv" / ".unfinished").touch()
    assert not bootstrap.is_complete("runtime")
    assert not bootstrap.is_sound()


def test_missing_interpreter_is_noticed(project: Path) -> None:
    (project / ".venv" / "bin" / "python").unlink()
    assert not bootstrap.is_sound()


def test_environment_moved_from_another_folder_is_made_again(project: Path) -> None:
    stamp = json.loads(bootstrap.STAMP.read_text())
    bootstrap.STAMP.write_text(json.dumps({**stamp, "place": "/somewhere/else/.venv"}))
    assert not bootstrap.is_sound()


def test_missing_lock_is_named(project: Path) -> None:
    (project / "requirements" / "runtime.txt").unlink()
    with pytest.raises(common.Stop, match=r"runtime\.txt is missing"):
        bootstrap.lock_digest("runtime")


def test_missing_library_names_the_command_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "LIBRARIES", {"libnowhere.so.9": "libnowhere9"})
    monkeypatch.setattr(common.os, "geteuid", lambda: 1000)
    with pytest.raises(common.Stop, match="sudo apt-get install libnowhere9"):
        bootstrap.check_libraries()


def test_old_python_is_refused_with_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(common.Stop, match=r"Python 3\.11 or newer is needed; .* is 3\.9\.2"):
        bootstrap.check_python()


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(common.Stop, match="cannot be written to"):
        common.writable(tmp_path / "file" / "var")


@pytest.mark.parametrize("name", ["common", "bootstrap"])
def test_first_scripts_need_the_standard_library_only(name: str) -> None:
    """They run before anything is installed: without site-packages, importing them must still work."""
    command = [sys.executable, "-S", "-I", "-c", f"import sys; sys.path.insert(0, 'scripts'); import {name}"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
