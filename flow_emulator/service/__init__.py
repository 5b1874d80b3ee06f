"""Handlers of Adobe's paths: each reads a request, calls the models, and builds the response."""
