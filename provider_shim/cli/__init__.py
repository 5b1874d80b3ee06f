"""The command `flowbridge`: install, check, and run the emulator."""
