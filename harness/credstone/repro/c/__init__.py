"""Programs in C."""
