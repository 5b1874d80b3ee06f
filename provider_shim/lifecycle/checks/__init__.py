"""Validation of configurations and plans, and warnings about them."""
