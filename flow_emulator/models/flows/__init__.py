"""Flows, their schedules, and their runs."""
