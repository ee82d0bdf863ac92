"""What people read: failures, summaries, coverage.  Reports look at verdicts and records; they decide nothing."""
