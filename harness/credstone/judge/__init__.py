"""From transcripts to verdicts.  What judges never runs: a transcript can be judged again years later."""
