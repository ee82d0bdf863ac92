"""Capability sets and what goes with them: capabilities(7), capget(2), prctl(2)."""
