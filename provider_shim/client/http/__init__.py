"""HTTP requests to Adobe: sessions, retries, and errors from statuses, bodies and failed connections."""
