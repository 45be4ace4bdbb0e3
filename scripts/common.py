"""What every script here shares. Standard library only: the first one runs before anything is installed."""

# ruff: noqa: S603 (the commands are our own, never a user's text)

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = Path(os.environ.get("VRU_VAR_DIR") or ROOT / "var")
LOGS = VAR / "log"


class Stop(Exception):
    """Ends a script: one sentence for a person, and a non-zero exit."""


def say(message):
    print(message, file=sys.stderr, flush=True)


def main_with_sentences(main):
    """Run ``main``; whatever stops it is told in one sentence."""
    try:
        code = main() or 0
    except Stop as stop:
        say(f"\n{stop}")
        code = 1
    except KeyboardInterrupt:
        say("\nStopped.")
        code = 130
    except PermissionError as error:
        say(f"\n{error.filename} cannot be used ({error.strerror}). Change its permissions and try again.")
        code = 1
    sys.stdout.flush()
    raise SystemExit(code)


def shown(path):
    """A path as people like it: relative when it is inside the project."""
    with suppress(ValueError):
        return str(Path(path).relative_to(ROOT))
    return str(path)


def writable(folder):
    """Raise ``Stop`` unless files can be made in ``folder``, which is created when missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Stop(
            f"The folder {folder} cannot be written to ({error.strerror}). "
            "Copy the project to a folder that you own, or change its permissions, and try again."
        ) from error


def quiet(command, what, **options):
    """Run a command without showing its output; raises ``Stop`` with the last lines when it fails."""
    result = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    if result.returncode:
        tail = "\n".join(result.stdout.strip().splitlines()[-12:])
        raise Stop(f"{what} failed (exit {result.returncode}):\n{tail}")
    return result.stdout


def apt_install(packages, why):
    """Install Debian packages when we may; raises ``Stop`` naming the command when we may not."""
    names = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(f"{why} needs packages that are missing. Install them with: sudo apt-get install {names}")
    say(f"Installing {names} ({why}) …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if subprocess.run(install, env=environment, capture_output=True, check=False).returncode == 0:
        return
    # The package list may be missing or old, as on a fresh container.
    quiet(["apt-get", "update"], "apt-get update", env=environment)
    quiet(install, f"Installing {names}", env=environment)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
