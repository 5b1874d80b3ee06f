"""Generators of committed files: one module for each kind of file, and `python -m tools.generate` for all."""
