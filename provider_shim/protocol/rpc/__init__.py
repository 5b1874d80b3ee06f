"""Terraform's RPCs: look up, decode, delegate, encode."""
