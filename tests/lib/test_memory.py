"""What a long-lived process does with what it has loaded."""

import subprocess
import sys

LOADED = "import gc; from vru.lib.memory import settle; before = gc.get_freeze_count(); settle(); "


def test_what_is_loaded_is_left_out_of_later_collections():
    # In a process of its own: settling this one would change the tests that run after it.
    code = LOADED + "print(before, gc.get_freeze_count() > 1000, gc.get_threshold()[0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["0", "True", "20000"]
