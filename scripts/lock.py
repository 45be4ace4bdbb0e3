"""`make lock`: write requirements/*.txt from pyproject.toml, every file with its hashes."""

from __future__ import annotations

import sys

from common import ROOT, main_with_sentences, quiet, say

COMPILE = [
    sys.executable,
    "-m",
    "uv",
    "pip",
    "compile",
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--python-version",
    "3.11",
]
TARGETS = {
    "requirements/uv.txt": ["requirements/uv.in"],
    "requirements/runtime.txt": ["pyproject.toml"],
    "requirements/dev.txt": ["pyproject.toml", "--group", "dev"],
}


def main() -> None:
    for target, source in TARGETS.items():
        quiet([*COMPILE, *sys.argv[1:], *source, "--output-file", target], f"Locking {target}", cwd=ROOT)
        say(f"wrote {target}")


if __name__ == "__main__":
    main_with_sentences(main)
