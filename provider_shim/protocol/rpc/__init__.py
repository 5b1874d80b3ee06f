"""Terraform's RPCs: each looks up a type, decodes the request, calls the provider and encodes the
response."""
