"""What a long-lived process does with its memory once it has loaded everything."""

from __future__ import annotations

import gc
import re
import resource
from pathlib import Path

# Objects made before the collector looks again. One page of figures makes tens of thousands that die of themselves;
# at Python's 700 the collector walks them over and over.
OBJECTS_BETWEEN_LOOKS = 20_000


def settle() -> None:
    """Leave what is loaded by now out of every later collection: modules, classes and templates never die.

    Without it a full collection walks some 240,000 such objects, a pause of a third of a second in the middle of
    somebody's page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS, 20, 20)


def peak_kib() -> int:
    """The most memory this program has held. The kernel's own count for the process also remembers its parent's size
    from before the program was started, so it is asked for only where there is nothing better.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = re.search(r"^VmHWM:\s*(\d+) kB", status, re.MULTILINE)
    return int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
