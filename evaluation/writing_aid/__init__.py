"""What helps people to write a report: how far it is, what is out of date in a copy, figures to pick, sentences."""
