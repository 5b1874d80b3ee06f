"""A resource's state, its private data, credentials and identity: values, without requests."""
