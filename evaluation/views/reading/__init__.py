"""Reading an edition: its figures traced, compared with another, printed returns, and what the public reads."""
