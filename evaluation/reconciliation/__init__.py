"""Totals added up twice, from independent tables or by independent code, and laid beside each other."""

from evaluation.reconciliation.run import Compared, Reconciliation, pounds, reconcile

__all__ = ["Compared", "Reconciliation", "pounds", "reconcile"]
