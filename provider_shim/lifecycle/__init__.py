"""Terraform's rules over a description: validate, plan, apply, read, import. Knows no protobuf."""
