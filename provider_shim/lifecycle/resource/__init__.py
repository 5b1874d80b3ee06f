"""The operations on a managed resource: plan, create, read, update, delete."""
