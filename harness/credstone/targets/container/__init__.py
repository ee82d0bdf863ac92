"""Container engines: what is asked of them, and what is left behind when all is done: nothing."""
