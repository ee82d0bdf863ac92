"""Text for people: wrapping, plurals, characters that a terminal has, commands to paste."""
