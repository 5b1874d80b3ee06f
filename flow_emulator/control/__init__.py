"""Handlers of the emulator's own paths, under ``/_emulator``."""
