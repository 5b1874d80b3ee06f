"""Base, source and target connections."""
