from __future__ import annotations

import signal

from hypothesis import settings

# What a script starts in the background ignores SIGINT, and so does every command it starts: tests that interrupt one
# would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples on every run: a property that fails in one run out of fifty helps nobody who did not break it.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("repeatable")

collect_ignore = ["typing"]  # read by mypy, never run
