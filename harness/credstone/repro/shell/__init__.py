"""Programs in a POSIX shell."""
