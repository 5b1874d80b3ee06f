"""The page for a browser at ``/``: HTML and SVG, drawn on the server from a plain view of the state."""
