"""Bringing existing objects under Terraform's management: listing, moved state, generated configuration."""
