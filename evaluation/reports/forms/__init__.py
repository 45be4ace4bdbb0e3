"""A funder's form: tables whose rows, columns, bands and sheets are data, for a quarter, a month or a year."""
