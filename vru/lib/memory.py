"""What a long-lived process does with its memory once it has loaded everything."""

from __future__ import annotations

import gc

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
