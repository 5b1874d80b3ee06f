"""The managed resources, one file each, with the actions and lists that belong to them."""
