"""What the project needs for itself: set-up, the demo, the files that are made, the bench."""
