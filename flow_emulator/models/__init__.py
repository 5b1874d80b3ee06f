"""State and rules of Flow Service, independent of HTTP."""
