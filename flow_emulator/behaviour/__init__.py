"""The switches, the profiles that set several of them, and what a store was configured with."""
