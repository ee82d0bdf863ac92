"""The agents and how they are reached: built, started, fed with cells; ``PROTOCOL.md`` is the contract."""
