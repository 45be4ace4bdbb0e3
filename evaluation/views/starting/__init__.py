"""Pages around a report: the list, beginning and copying one, its own page, making an edition, figures to pick."""
