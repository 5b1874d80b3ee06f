"""How fast the provider is beside another one, measured in the same run: `make bench`."""
