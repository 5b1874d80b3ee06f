"""Terraform's consistency rules, applied to the provider's own responses in tests."""
