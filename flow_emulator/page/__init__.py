"""The page at ``/`` for a browser: HTML and SVG, rendered from a view of the state."""
