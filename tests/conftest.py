"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

# No test asserts on wall time: machines are busy, and a slow example is no failure.
settings.register_profile("newsloom", deadline=None)
settings.load_profile("newsloom")
