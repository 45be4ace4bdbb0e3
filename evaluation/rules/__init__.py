"""General rules that find contradictions: between stated values, between figures, and in the unit's own records.

Ask ``find_issues(year=…, layer=…)``. Each rule says in its docstring what it finds and how grave that is.
"""

from evaluation.rules.find import all_rules, find_in, find_issues, find_issues_of
from evaluation.rules.found import Found
from evaluation.rules.reading import years_held

__all__ = ["Found", "all_rules", "find_in", "find_issues", "find_issues_of", "years_held"]
