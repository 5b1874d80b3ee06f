"""Terraform's operations on the described resources: validate, plan, apply, read and import."""
