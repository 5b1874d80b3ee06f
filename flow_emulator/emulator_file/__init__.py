"""What the command line does to an emulator's file: clock, datasets, faults."""
