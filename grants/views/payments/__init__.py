"""Payments, runs and debts: the finance officer's pages."""
