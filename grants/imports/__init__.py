"""What comes in from other systems: the ledger of the finance system, and registers kept in spreadsheets."""
