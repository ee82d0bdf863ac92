"""For all tests: properties take the time they take, so that a busy machine is no failure."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("credstone", deadline=None)
settings.load_profile("credstone")
