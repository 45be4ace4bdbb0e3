"""Production settings: Django's own deployment check is clean, and each missing setting is one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "VRU_PRODUCTION": "1",
    "DJANGO_SECRET_KEY": "not-a-real-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "DJANGO_ALLOWED_HOSTS": "unit.example",
    "VRU_SITE_URL": "https://unit.example",
    "DATABASE_URL": "postgres://user:password@127.0.0.1:1/name",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def manage(*arguments: str, without: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VRU_", "DJANGO_"))}
    environment = {**kept, **SETTINGS, **changes}
    environment.pop(without, None)
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_deployment_check_is_clean() -> None:
    result = manage("check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "name", ["DJANGO_SECRET_KEY", "DJANGO_ALLOWED_HOSTS", "VRU_SITE_URL", "DATABASE_URL", "REDIS_URL"]
)
def test_missing_setting_stops_the_start_and_is_named(name: str) -> None:
    result = manage("check", without=name)
    assert result.returncode != 0
    assert f"{name} is not set" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DJANGO_SECRET_KEY", "short", "DJANGO_SECRET_KEY is too short"),
        ("VRU_SITE_URL", "http://unit.example", "give the site's whole address"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL cannot be read"),
        ("REDIS_URL", "-", "REDIS_URL must be the address"),
        ("VRU_DEMO", "1", "VRU_PRODUCTION=1 cannot be combined"),
        ("VRU_JOB_LEASE_SECONDS", "soon", "VRU_JOB_LEASE_SECONDS is 'soon'"),
    ],
)
def test_malformed_setting_stops_the_start_with_a_sentence(name: str, value: str, sentence: str) -> None:
    result = manage("check", **{name: value})
    assert result.returncode != 0
    assert sentence in result.stderr.splitlines()[-1]
