"""Reports on what changed between two runs."""
