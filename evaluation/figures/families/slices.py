"""The parameters that families share, and the slices that are computed when everything is asked for."""

# Where a grant stands. A programme has one primary objective, so totals by objective re-add; outcomes do not.
WHO = ("programme", "theme", "objective", "outcome", "organisation", "category", "kind")
QUARTERLY = ("quarter", *WHO)

# Headlines are computed by everything; what stands beside them by plan and quarter, and by anything else when asked.
WHOLE: tuple[tuple[str, ...], ...] = ((),)
BY_WHO = tuple((name,) for name in WHO)
BY_PLAN = (("programme",), ("theme",), ("objective",), ("outcome",))
BY_QUARTER = (("quarter",), ("objective", "quarter"), ("quarter", "theme"))
