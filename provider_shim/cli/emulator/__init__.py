"""The commands under `flowbridge emulator`."""
