"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# No test asserts on wall time: machines are busy, and a slow example is no failure.
# Where a change is judged, the same examples each time: chance finds faults on the developers' machines, not in a gate.
settings.register_profile("newsloom", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.register_profile("thorough", settings.get_profile("newsloom"), max_examples=1500)
settings.load_profile("newsloom")
