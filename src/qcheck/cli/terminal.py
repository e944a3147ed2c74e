"""What the streams of a run can show: width, colours, progress."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

from qcheck.reports import FILE_WIDTH, Look

T = TypeVar("T")


def look_of(stream: TextIO) -> Look:
    """How a report may look on a stream; ``COLUMNS``, ``NO_COLOR`` and ``FORCE_COLOR`` have the last word."""
    width = shutil.get_terminal_size((FILE_WIDTH, 24)).columns
    if os.environ.get("NO_COLOR"):
        return Look(width, colour=False)
    forced = os.environ.get("FORCE_COLOR", "0") not in ("", "0")
    return Look(width, colour=forced or (stream.isatty() and os.environ.get("TERM") != "dumb"))


def with_progress(items: Iterable[T], unit: str, *, wanted: bool) -> Iterator[T]:
    """The items, counted on standard error if that is a terminal and the work takes longer than a second."""
    if not wanted or not sys.stderr.isatty():
        yield from items
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would be forked into the workers
    yield from tqdm(items, unit=f" {unit}", delay=1, leave=False, file=sys.stderr)


def warn(message: str) -> None:
    """Say something that belongs to no report."""
    print(f"qcheck: {message}", file=sys.stderr)
