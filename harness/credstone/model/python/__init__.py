"""What Python's os and subprocess add to the calls."""
