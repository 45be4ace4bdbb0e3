"""A test worker includes this module: a build stops at the beginning of a stage for as long as its file lies there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from evaluation.reports import build

_whole_stage = build.Clock.stage


def hold_file(stage: str):  # type: ignore[no-untyped-def]
    return settings.VAR_DIR / f"hold-{stage}"


@contextmanager
def _held_stage(self: build.Clock, name: str) -> Iterator[None]:
    with _whole_stage(self, name):
        end = time.monotonic() + 60
        while hold_file(name).exists() and time.monotonic() < end:
            time.sleep(0.05)
        yield


build.Clock.stage = _held_stage  # type: ignore[method-assign]
