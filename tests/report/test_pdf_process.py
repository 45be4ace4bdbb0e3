"""A PDF in a process of its own: the same bytes, refusals by name, nothing left behind."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from vru.lib.pdf import PdfFailed, PdfProcess, ResourceRefused
from vru.lib.pdf.render import render_pdf

WORDS = {"title": "A report", "author": "A unit", "subject": "A year"}
MOMENT = datetime.datetime(2021, 3, 31, tzinfo=datetime.UTC)
PAGE = '<!doctype html><html lang="en"><head><title>A report</title></head><body><h1>A report</h1>{}</body></html>'


def test_the_process_makes_the_same_bytes_as_here(tmp_path: Path) -> None:
    html = PAGE.format("<p>Nobody was hurt.</p>")
    with PdfProcess() as process:
        process.begin(html, timestamp=MOMENT, output=tmp_path / "there.pdf", **WORDS)
        report = process.wait()
    render_pdf(html, timestamp=MOMENT, output=tmp_path / "here.pdf", **WORDS)
    assert report.pages == 1
    assert (tmp_path / "there.pdf").read_bytes() == (tmp_path / "here.pdf").read_bytes()


def test_what_the_page_may_not_ask_for_is_refused_by_name(tmp_path: Path) -> None:
    html = PAGE.format('<img src="file:///etc/passwd" alt="A secret">')
    with PdfProcess() as process:
        process.begin(html, timestamp=MOMENT, output=tmp_path / "x.pdf", **WORDS)
        with pytest.raises(ResourceRefused, match="not part of it"):
            process.wait()
    assert list(tmp_path.iterdir()) == []


def test_a_process_without_enough_memory_fails_in_a_sentence(tmp_path: Path) -> None:
    html = PAGE.format("<p>Nobody was hurt.</p>" * 20_000)
    with PdfProcess(memory_bytes=400 * 1024**2) as process:
        process.begin(html, timestamp=MOMENT, output=tmp_path / "x.pdf", **WORDS)
        with pytest.raises(PdfFailed, match="ended before it was done"):
            process.wait()


def test_what_watches_can_stop_it_and_no_process_is_left(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    with PdfProcess() as process:
        process.begin(PAGE.format("<p>A</p>" * 5_000), timestamp=MOMENT, output=tmp_path / "x.pdf", **WORDS)
        with pytest.raises(StopError):
            process.wait(stop)
    running = process._process
    assert running is not None
    assert running.poll() is not None


def test_a_process_that_is_never_asked_ends_when_it_is_left() -> None:
    with PdfProcess() as process:
        running = process._process
    assert running is not None
    assert running.poll() is not None
