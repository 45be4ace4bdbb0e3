"""Pages about the money that need what is promised and spent: sources, their headroom, funder rules."""
