"""Terraform expressions as data, for checks of what is in them."""
