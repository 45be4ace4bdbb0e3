"""What is wrong with a data file, gathered row by row so that its writer can mend everything in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """``place`` is the path inside the file, such as ``strategy.versions[1].label``; [0] is a list's first row."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


class LoadError(Exception):
    """Files that were not loaded, with every problem found in them. Nothing of them was stored."""

    def __init__(self, file: Path | str, problems: Iterable[Problem]) -> None:
        self.lines = tuple(f"{file}: {problem}" for problem in problems)
        super().__init__("\n".join(self.lines))

    @classmethod
    def of(cls, several: Iterable[Problems]) -> LoadError:
        """One error for the problems of several files."""
        together = cls("", [])
        together.lines = tuple(f"{each.file}: {problem}" for each in several for problem in each.found)
        together.args = ("\n".join(together.lines),)
        return together


class Problems:
    """The problems of one file so far."""

    def __init__(self, file: Path | str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, place: str, sentence: str) -> None:
        problem = Problem(place, sentence)
        if problem not in self.found:
            self.found.append(problem)

    def stop_if_any(self) -> None:
        """Raises LoadError when anything was found."""
        if self.found:
            raise LoadError(self.file, self.found)


def near_match(word: object, known: Iterable[object]) -> str:
    """' Did you mean "education"?', or '' when nothing known is near."""
    close = get_close_matches(str(word), [str(each) for each in known], n=1, cutoff=0.6)
    return f' Did you mean "{close[0]}"?' if close else ""
