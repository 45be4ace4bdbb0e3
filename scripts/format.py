"""`make format`."""

from __future__ import annotations

from checks import reformat
from common import main_with_sentences

if __name__ == "__main__":
    main_with_sentences(reformat)
