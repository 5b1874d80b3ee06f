"""Import of existing objects: by id or identity, lists for a query, moved state, generated configuration."""
