"""Search for secrets in a text: its readings, the known secrets, and values that look like secrets."""
