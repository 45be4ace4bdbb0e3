"""Pages of a report's sections."""
