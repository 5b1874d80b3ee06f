"""The L1 constructs, generated from the descriptions in `provider_shim/resources/`."""
