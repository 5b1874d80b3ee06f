"""State and rules of Flow Service. Nothing here knows HTTP."""
