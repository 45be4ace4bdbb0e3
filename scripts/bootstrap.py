"""Makes the virtual environment, then hands over to another script inside it.

    python3 scripts/bootstrap.py runtime|dev SCRIPT [ARGUMENT …]

Uses the standard library only, and syntax that an older Python still reads, so that it can say what is wrong.
"""

# ruff: noqa: S603, S606 (the commands are our own, never a user's text)

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from common import LOGS, PYTHON, ROOT, VAR, VENV, Stop, apt_install, main_with_sentences, quiet, say, writable

OLDEST = (3, 11)
STAMP = VENV / ".complete.json"
UNFINISHED = VENV / ".unfinished"
# What WeasyPrint loads at run time, and the Debian package that brings it.
LIBRARIES = {
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "libfontconfig1",
}


def check_python():
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise Stop(f"Python 3.11 or newer is needed; {sys.executable} is {found}. Try: make PYTHON=python3.11 …")
    try:
        import ensurepip  # noqa: F401, PLC0415 (Debian splits it off; asking is the test)
        import venv  # noqa: F401, PLC0415
    except ImportError:
        apt_install([f"python3.{sys.version_info[1]}-venv"], "Making a virtual environment")


def loads(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def check_libraries():
    missing = [package for library, package in LIBRARIES.items() if not loads(library)]
    if not shutil.which("fc-match"):
        missing.append("fontconfig")
    if missing:
        apt_install(missing, "Making PDFs")


def lock_digest(kind):
    """Changes whenever the environment must be made again: the lock, the Python, or the folder's place."""
    digest = hashlib.sha256(f"{VENV} {sys.version_info[:2]}".encode())
    for name in ("uv", kind):
        try:
            digest.update((ROOT / "requirements" / f"{name}.txt").read_bytes())
        except FileNotFoundError as error:
            raise Stop(f"{error.filename} is missing. Get it back with: git checkout requirements") from error
    return digest.hexdigest()


def installed_names():
    """Top-level names in site-packages, so that a package somebody removed is noticed."""
    found = VENV.glob("lib/python*/site-packages/*")
    return sorted(path.name for path in found if path.name != "__pycache__")


def read_stamp():
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def python_works():
    try:
        return subprocess.run([str(PYTHON), "-c", ""], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def is_complete(kind):
    """Whether the environment holds at least ``kind``; dev holds everything runtime does."""
    stamp = read_stamp()
    if stamp.get("kind") not in (kind, "dev") or UNFINISHED.exists():
        return False
    if stamp.get("digest") != lock_digest(stamp["kind"]) or not python_works():
        return False
    return not set(stamp.get("names", [])) - set(installed_names())


def is_sound():
    """Whether what is there can be brought up to date; otherwise it is thrown away and made again."""
    stamp = read_stamp()
    if UNFINISHED.exists() or not python_works() or set(stamp.get("names", [])) - set(installed_names()):
        return False
    return stamp.get("place", str(VENV)) == str(VENV)


def network_environment():
    """uv brings its own list of authorities; where the machine has one, a company's proxy may depend on it."""
    if Path("/etc/ssl/certs/ca-certificates.crt").exists():
        return {"UV_SYSTEM_CERTS": "1", **os.environ}
    return dict(os.environ)


def make_environment(kind):
    if read_stamp().get("kind") == "dev":
        kind = "dev"
    if VENV.exists() and not is_sound():
        say("The virtual environment is not whole: making it again …")
        shutil.rmtree(VENV)
    fresh = not VENV.exists()
    VENV.mkdir(exist_ok=True)
    STAMP.unlink(missing_ok=True)
    # Stays behind if this is interrupted: a package may then be half there, with nothing else to show it.
    UNFINISHED.touch()
    if fresh:
        say("Making the virtual environment in .venv …")
        quiet([sys.executable, "-m", "venv", VENV], "Making the virtual environment")
    say(f"Installing the locked packages ({kind}); the first time takes a minute or two …")
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--require-hashes"]
    quiet([*pip, "-r", ROOT / "requirements" / "uv.txt"], "Installing uv")
    sync = [PYTHON, "-m", "uv", "pip", "sync", "--python", PYTHON, "--require-hashes"]
    # The sync removes what its lock does not name, uv itself included, so uv's own lock goes along.
    locks = [ROOT / "requirements" / f"{kind}.txt", ROOT / "requirements" / "uv.txt"]
    quiet([*sync, *locks], "Installing the locked packages", env=network_environment())
    stamp = {"kind": kind, "digest": lock_digest(kind), "place": str(VENV), "names": installed_names()}
    STAMP.write_text(json.dumps(stamp))
    UNFINISHED.unlink()


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("runtime", "dev"):
        raise Stop("Usage: python3 scripts/bootstrap.py runtime|dev SCRIPT [ARGUMENT …]")
    kind, script, arguments = sys.argv[1], ROOT / "scripts" / f"{sys.argv[2]}.py", sys.argv[3:]
    check_python()
    writable(ROOT)
    writable(VAR)
    writable(LOGS)
    check_libraries()
    with (VAR / "setup.lock").open("w") as lock:
        # Two commands started together must not install over each other.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_complete(kind):
            make_environment(kind)
    os.chdir(ROOT)
    os.execv(str(PYTHON), [str(PYTHON), str(script), *arguments])


if __name__ == "__main__":
    main_with_sentences(main)
