"""`flowbridge check`: find keys in a configuration that no schema has."""
