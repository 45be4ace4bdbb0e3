"""Asks a ClamAV daemon whether bytes hold a known virus. Without one configured, nothing is claimed."""

from __future__ import annotations

import socket
import struct
from enum import StrEnum

CHUNK = 64 * 1024
SECONDS = 30.0


class ScannerUnavailable(RuntimeError):
    """A scanner is configured but gave no usable answer."""


class Verdict(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"


def scan(data: bytes, address: str) -> Verdict:
    """``address`` is ``unix:/path`` or ``tcp:host:port``; empty means that no scanner is configured.

    Raises ``ScannerUnavailable`` when the scanner cannot be reached or answers neither yes nor no, and ``ValueError``
    for an address of another shape.
    """
    if not address:
        return Verdict.NOT_SCANNED
    try:
        with _connect(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                part = data[start : start + CHUNK]
                connection.sendall(struct.pack("!I", len(part)) + part)
            connection.sendall(struct.pack("!I", 0))
            answer = _read(connection)
    except OSError as error:
        raise ScannerUnavailable(f"The virus scanner did not answer: {error}.") from error
    if answer.endswith("OK"):
        return Verdict.CLEAN
    if answer.endswith("FOUND"):
        return Verdict.INFECTED
    raise ScannerUnavailable(f"The virus scanner answered “{answer[:200]}”.")


def _connect(address: str) -> socket.socket:
    scheme, _, place = address.partition(":")
    if scheme == "unix" and place:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = place.rpartition(":")
    if scheme == "tcp" and host and port.isdecimal():
        return socket.create_connection((host, int(port)), timeout=SECONDS)
    raise ValueError(f"A scanner's address is unix:/path or tcp:host:port, not {address!r}.")


def _read(connection: socket.socket) -> str:
    answer = b""
    while part := connection.recv(4096):
        answer += part
        if b"\0" in answer or len(answer) > 4096:
            break
    return answer.split(b"\0")[0].decode("utf-8", "replace").strip()
