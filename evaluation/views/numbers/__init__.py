"""Pages about numbers that were typed into a report."""
