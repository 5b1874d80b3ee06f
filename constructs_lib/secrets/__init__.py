"""Keeps secrets out of synthesised stacks and plan files."""
