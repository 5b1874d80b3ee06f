"""Reading of data sources."""
