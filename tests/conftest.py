from __future__ import annotations

from hypothesis import settings

# The same examples on every run: a property that fails in one run out of fifty helps nobody who did not break it.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("repeatable")

collect_ignore = ["typing"]  # read by mypy, never run
