from vru.jobs.actions.job import (
    cancel,
    claim,
    enqueue,
    fail,
    finish,
    heartbeat,
    release_expired,
    retry,
    stop_cancelled,
)
from vru.jobs.actions.notify import notify
from vru.jobs.actions.outbox import queue_message, send_again, send_queued

__all__ = [
    "cancel",
    "claim",
    "enqueue",
    "fail",
    "finish",
    "heartbeat",
    "notify",
    "queue_message",
    "release_expired",
    "retry",
    "send_again",
    "send_queued",
    "stop_cancelled",
]
