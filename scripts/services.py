"""A PostgreSQL and a Redis of our own, on free ports, in a temporary folder, gone afterwards."""

# ruff: noqa: S603 (the commands are our own, never a user's text)

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common import Stop, apt_install, free_port, quiet
from processes import Children

DATABASE_USER = "vru"
# Data that is thrown away needs no protection from a power cut.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=100",
    "shared_buffers=256MB",
    # Almost every test is rolled back: a vacuum in between would tell the planner that full tables are empty.
    "autovacuum=off",
    # The queries are many and small; compiling one takes longer than running it.
    "jit=off",
)


def postgres_programs() -> Path | None:
    """The folder of the newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


def install_services() -> None:
    missing = [] if postgres_programs() else ["postgresql"]
    if not shutil.which("redis-server"):
        missing.append("redis-server")
    if missing:
        apt_install(missing, "Testing with real services")


def _as_postgres() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root runs it as the user that Debian's package makes."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


@contextmanager
def services() -> Iterator[dict[str, str]]:
    """Both services; yields ``DATABASE_URL`` and ``REDIS_URL``. Raises ``Stop`` when one cannot start."""
    install_services()
    folder = Path(tempfile.mkdtemp(prefix="vru-services-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        with Children() as children:
            database, broker = free_port(), free_port()
            start_postgres(children, folder, database)
            start_redis(children, folder, broker)
            yield {
                "DATABASE_URL": f"postgres://{DATABASE_USER}@127.0.0.1:{database}/{DATABASE_USER}",
                "REDIS_URL": f"redis://127.0.0.1:{broker}/0",
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start_postgres(children: Children, folder: Path, port: int) -> None:
    programs = postgres_programs()
    if programs is None:
        raise Stop("PostgreSQL was installed but its programs cannot be found under /usr/lib/postgresql.")
    data = folder / "data"
    options = [
        "--auth",
        "trust",
        "--username",
        DATABASE_USER,
        "--encoding",
        "UTF8",
        "--locale",
        "C.UTF-8",
        "--no-sync",
    ]
    quiet(
        [programs / "initdb", "--pgdata", data, *options],
        "Making a test database",
        cwd=folder,
        **_as_postgres(),
    )
    settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *FAST]
    command = [
        str(programs / "postgres"),
        "-D",
        str(data),
        *(part for one in settings for part in ("-c", one)),
    ]
    # SIGINT: stop without waiting for connections that a killed test left open.
    children.start("postgresql", command, stop_signal=signal.SIGINT, cwd=folder, **_as_postgres())
    client = ["--host", "127.0.0.1", "--port", str(port), "--username", DATABASE_USER]

    def ready() -> bool:
        return subprocess.run([programs / "pg_isready", *client], capture_output=True, check=False).returncode == 0

    children.wait_until(ready, "PostgreSQL", 30)
    quiet([programs / "createdb", *client, DATABASE_USER], "Making a test database")


def start_redis(children: Children, folder: Path, port: int) -> None:
    options = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    ]
    children.start("redis", ["redis-server", *options])

    def ready() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False

    children.wait_until(ready, "Redis", 20)
