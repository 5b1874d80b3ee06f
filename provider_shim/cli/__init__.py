"""The `flowbridge` command: installation, checks and the emulator."""
