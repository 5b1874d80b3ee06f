"""What AWS needs to know of Adobe."""
