"""The broker for a machine without Redis: kombu's folder of messages, made safe for two processes.

kombu opens a message's file under its final name and then fills it, so a reader can meet an empty message,
which ends the worker. Here a message appears under its final name only when it is whole.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import time_ns
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            try:
                Path(folder).mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ChannelError(f"The broker's folder {folder} cannot be made: {error.strerror}.") from error

    # kombu names the argument differently in two of its own classes; this follows the nearer one.
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        whole = Path(self.data_folder_out) / f"{time_ns()}_{uuid4()}.{queue}.msg"
        partial = whole.with_suffix(".part")
        try:
            partial.write_bytes(str_to_bytes(dumps(payload)))
            os.replace(partial, whole)
        except OSError as error:
            raise ChannelError(f"The broker's folder {whole.parent} cannot be written to: {error.strerror}.") from error


class Transport(filesystem.Transport):
    Channel = Channel
