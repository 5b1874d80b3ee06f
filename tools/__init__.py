"""The project's own tools: set-up, the demo, the generators of committed files, the benchmark."""
