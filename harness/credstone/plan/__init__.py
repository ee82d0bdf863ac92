"""From scenarios to cells, and for a target's facts: what applies there, and how a process becomes the actor."""
