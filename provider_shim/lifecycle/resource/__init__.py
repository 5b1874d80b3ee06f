"""The life of a managed resource: plan, create, read, update, delete."""
