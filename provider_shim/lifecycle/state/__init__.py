"""A resource's state, private data, credentials and identity, as values. Nothing here makes requests."""
