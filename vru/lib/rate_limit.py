"""How often something may happen, counted in the cache that all processes share."""

from __future__ import annotations

import hashlib
import math
import time

from django.core.cache import cache

WINDOW = 60


def seconds_to_wait(what: str, who: str, most: int) -> int:
    """Count one more of ``what`` by ``who`` in this minute. 0 while there were at most ``most``, else seconds to wait.

    The count is one atomic increment, so requests that arrive together are each counted. ``who`` may be any text: its
    hash is what is kept.
    """
    now = time.time()
    window = int(now // WINDOW)
    name = f"rate:{what}:{hashlib.sha256(who.encode()).hexdigest()}:{window}"
    cache.add(name, 0, timeout=2 * WINDOW)
    try:
        count = cache.incr(name)
    except ValueError:
        # The cache dropped the count between the two calls; the minute starts again.
        cache.set(name, 1, timeout=2 * WINDOW)
        count = 1
    return math.ceil((window + 1) * WINDOW - now) if count > most else 0
