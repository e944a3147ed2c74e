"""Many documents over several processes: results in order, memory bounded, a checker built once a worker."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qcheck.checker import Checker
    from qcheck.report import Report

_BATCH = 64  # documents a task: pickling a task costs about as much as checking one short document
_checker: Checker | None = None


def check_in_processes(checker: Checker, documents: Iterable[tuple[str, str | None]], workers: int) -> Iterator[Report]:
    """Reports in the order of the documents; at most two batches a worker are under way."""
    batches = _batched(documents)
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(checker,)) as pool:
        waiting: deque[Future[list[Report]]] = deque(
            pool.submit(_check, batch) for batch in islice(batches, 2 * workers)
        )
        while waiting:
            reports = waiting.popleft().result()
            if batch := next(batches, None):
                waiting.append(pool.submit(_check, batch))
            for report in reports:
                report.attach(checker)
                yield report


def _batched(documents: Iterable[tuple[str, str | None]]) -> Iterator[list[tuple[str, str | None]]]:
    rest = iter(documents)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _start(checker: Checker) -> None:
    global _checker  # noqa: PLW0603 - the one place a worker process can keep what it was started with
    _checker = checker


def _check(batch: list[tuple[str, str | None]]) -> list[Report]:
    assert _checker is not None
    return [_checker.check(text, id_).detach() for text, id_ in batch]
