"""The provider's default source address, for the provider, the command line and the constructs."""

DEFAULT_ADDRESS = "terraform.local/flowbridge/aep"
"""The address under which `flowbridge install` puts the provider, unless it gets another one."""
