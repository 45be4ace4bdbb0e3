"""Fifty people at their returns at once, against the real web server on PostgreSQL: open, save, submit.

Each person has a return of their own, thinks five to ten seconds between pages, and is signed in before the clock
starts. The server runs in processes of its own; the people are threads here, which mostly wait.
"""

# ruff: noqa: S603 (the command is our own)

from __future__ import annotations

import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from benchmarks.crowd_returns import Seat, put_seats
from benchmarks.timing import percentile
from benchmarks.world import CannotMeasure
from grants.models import MonitoringReturn, Section

Form = Mapping[str, Sequence[str]]
PEOPLE = 50
THINK = (5.0, 10.0)
TARGETS = {"open": 0.05, "save": 0.08, "submit": 0.15}
SECTIONS = (Section.REACH, Section.BREAKDOWNS, Section.SPEND)
WORKERS, THREADS = "2", "4"
_INPUT = re.compile(r"<(?:input|textarea|select)\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')


@dataclass
class Measured:
    """Seconds by what was done, and every answer that was not the one hoped for."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def measure_crowd(people: int = PEOPLE, think: tuple[float, float] = THINK) -> dict[str, Any]:
    """Raises CannotMeasure when the server does not start or fewer returns than people can be filled in."""
    seats = put_seats(people)
    cookies = [_signed_in(seat) for seat in seats]
    connections.close_all()
    measured = Measured()
    with _server() as port:
        _warm(port, seats, cookies)
        # Chance chooses thinking times, not secrets.
        chances = [random.Random(number) for number in range(people)]  # noqa: S311
        threads = [
            threading.Thread(target=_sit, args=(port, seat, cookie, think, measured, chance))
            for seat, cookie, chance in zip(seats, cookies, chances, strict=True)
        ]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - started
    refs = [seat.monitoring_return.pk for seat in seats]
    sent = MonitoringReturn.objects.filter(pk__in=refs, status=MonitoringReturn.Status.SUBMITTED).count()
    rows = [_row(what, measured.seconds[what]) for what in TARGETS]
    return {
        "people": people,
        "think_s": list(think),
        "took_s": took,
        "submitted": sent,
        "failed": measured.failed,
        "rows": rows,
        "met": not measured.failed and sent == people,
    }


def _row(what: str, seconds: list[float]) -> dict[str, Any]:
    if not seconds:
        raise CannotMeasure(f"Nobody in the crowd came as far as to {what}.")
    p95 = percentile(seconds, 95)
    return {
        "what": what,
        "requests": len(seconds),
        "median_ms": statistics.median(seconds) * 1000,
        "p95_ms": p95 * 1000,
        "target_p95_ms": TARGETS[what] * 1000,
        "met": p95 < TARGETS[what],
    }


def _signed_in(seat: Seat) -> str:
    client = Client(SERVER_NAME="localhost")
    client.force_login(seat.user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def _server() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "vru.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", WORKERS, "--threads", THREADS, "--log-level", "warning"]
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env={**os.environ})
    try:
        for _ in range(300):
            if server.poll() is not None:
                raise CannotMeasure("The web server stopped as soon as it started.")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


class Browser:
    """One person's browser: keeps its cookies. The server has closed the connection by the time they have thought."""

    def __init__(self, port: int, session: str) -> None:
        self._port = port
        self._cookies = {settings.SESSION_COOKIE_NAME: session}

    def send(self, method: str, address: str, form: Form | None = None) -> tuple[int, str, float]:
        """Status, body and seconds. A redirect is not followed."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request(method, address, urlencode(form, doseq=True) if form is not None else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        finally:
            connection.close()
        seconds = time.perf_counter() - started
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, body, seconds


def fields_of(page: str) -> dict[str, list[str]]:
    """The hidden fields of the page's forms, which a browser sends back unseen, each as often as it stands there."""
    found: dict[str, list[str]] = {}
    for tag in _INPUT.findall(page):
        attributes = {name.lower(): unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        if attributes.get("type") == "hidden" and "name" in attributes:
            found.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    return found


def _warm(port: int, seats: list[Seat], cookies: list[str]) -> None:
    """Every worker has served a page before anybody counts."""
    for seat, cookie in list(zip(seats, cookies, strict=True))[:8]:
        browser = Browser(port, cookie)
        for letter in SECTIONS:
            browser.send("GET", _address(seat, "section", letter.value))
        browser.send("GET", _address(seat, "check"))


def _address(seat: Seat, name: str, *extra: str) -> str:
    item = seat.monitoring_return
    return reverse(f"returns:{name}", args=[item.commitment.ref, item.quarter.key, *extra])


def _sit(
    port: int, seat: Seat, cookie: str, think: tuple[float, float], measured: Measured, chance: random.Random
) -> None:
    browser = Browser(port, cookie)

    def step(what: str, method: str, address: str, form: Form | None, wanted: int) -> str:
        time.sleep(chance.uniform(*think))
        try:
            status, body, seconds = browser.send(method, address, form)
        except (OSError, http.client.HTTPException) as error:
            status, body, seconds = 0, str(error), 0.0
        with measured.lock:
            if status == wanted:
                measured.seconds[what].append(seconds)
            else:
                measured.failed.append(f"{method} {address}: {status}, not {wanted}")
        return body

    for section in SECTIONS:
        address = _address(seat, "section", section.value)
        page = step("open", "GET", address, None, 200)
        typed = {**fields_of(page), **seat.answers.get(section, {}), "finish": "1"}
        step("save", "POST", address, typed, 302)
    step("open", "GET", _address(seat, "check"), None, 200)
    declaration = _address(seat, "declare")
    page = step("open", "GET", declaration, None, 200)
    explained = dict.fromkeys(re.findall(r'name="(explain_\w+)"', page), "As agreed with you in October.")
    form = {**fields_of(page), **explained, "is_nil": "no", "declared_name": seat.user.name}
    step("submit", "POST", declaration, form, 302)
