"""A funder's form: how it is laid out, and a return as data."""
