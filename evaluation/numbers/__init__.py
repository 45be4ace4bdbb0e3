"""Numbers that people type into a report instead of binding them to figures: found, matched, decided about."""

from evaluation.numbers.found import Found, NumbersState, Standing
from evaluation.numbers.index import Index
from evaluation.numbers.scanning import SectionText, scan
from evaluation.numbers.state import index_of, sections_of, sourced_numbers, state_of

__all__ = [
    "Found",
    "Index",
    "NumbersState",
    "SectionText",
    "Standing",
    "index_of",
    "scan",
    "sections_of",
    "sourced_numbers",
    "state_of",
]
