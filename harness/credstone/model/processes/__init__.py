"""What ids are for among processes: kill(2), ptrace(2), unix(7), credentials(7), and what /proc shows."""
