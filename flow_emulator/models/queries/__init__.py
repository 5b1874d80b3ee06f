"""Filters, order and pages of lists."""
