"""Requests and responses, the gateway's checks, the routes, and the request log."""
