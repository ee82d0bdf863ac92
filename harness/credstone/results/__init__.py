"""The results file: JSON lines, append-only.  Every report is made from it."""
