"""Runs of a flow on request, by a resource and by an action."""
