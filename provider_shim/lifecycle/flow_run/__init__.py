"""Running a flow on request, as a resource and as an action."""
