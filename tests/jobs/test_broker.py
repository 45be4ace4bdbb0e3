"""The folder broker: whole messages only, and folders made when they are missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from kombu import Connection
from kombu.exceptions import OperationalError


def connect(folder: Path) -> Connection:
    options = {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"),
        "max_retries": 1,
        "interval_start": 0,
    }
    return Connection(transport="vru.jobs.broker:Transport", transport_options=options)


def test_messages_arrive_in_order_and_leave_nothing_behind(tmp_path: Path) -> None:
    with connect(tmp_path / "not" / "there" / "yet") as connection:
        queue = connection.SimpleQueue("work")
        for number in range(3):
            queue.put({"number": number})
        messages = [queue.get(timeout=5) for _ in range(3)]
        assert [message.payload["number"] for message in messages] == [0, 1, 2]
        for message in messages:
            message.ack()
    assert list((tmp_path / "not" / "there" / "yet" / "queue").iterdir()) == []


def test_half_written_message_is_not_seen(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        queue = connection.SimpleQueue("work")
        (tmp_path / "queue" / "1_half.work.part").write_text('{"bod')
        assert queue.qsize() == 0


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with connect(tmp_path / "file") as connection, pytest.raises(OperationalError, match="cannot be made"):
        connection.SimpleQueue("work")
