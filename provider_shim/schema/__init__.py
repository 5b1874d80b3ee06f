"""Building blocks of resource descriptions: types, values, attribute paths, attributes, rules, JSON mapping.

Everything here is pure and imports only the standard library: each Terraform command starts the provider
several times, and most of those processes need only the descriptions.
"""
