"""The vocabulary in which resources are described: types, values, paths, attributes, rules, wire places.

Everything here is pure and needs the standard library only, because every command starts the provider
several times and most of those starts look at the descriptions and at nothing else.
"""
