"""`make bench`: how fast the site is, as ratios within one run. See docs/benchmarks.md.

python benchmarks/run.py [--runs 30] [--pairs 3]
python benchmarks/run.py process whole|finished|renderer LAYER FOLDER HTML   (one fresh process; used by the first)
python benchmarks/run.py builds SNAPSHOT COUNT   (one process that builds again and again; used by the first)
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    arguments = sys.argv[1:]
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "vru.settings"
    os.environ["VRU_DEMO"] = "1"
    django.setup()
    # Only now: models can be imported once the apps are set up, not before.
    if arguments[:1] == ["process"]:
        return int(import_module("benchmarks.process").main(arguments[1:]))
    if arguments[:1] == ["builds"]:
        return int(import_module("benchmarks.endurance").main(arguments[1:]))
    return int(import_module("benchmarks.suite").main(arguments))


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
