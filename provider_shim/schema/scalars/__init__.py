"""Numbers, times and durations: their notations, and their bounds."""
