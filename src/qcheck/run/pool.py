"""Worker processes that end with their parent, whatever ends it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from pathlib import Path

from qcheck.run.parts import Part, save
from qcheck.run.work import Worker
from qcheck.sources import Batch

_worker: Worker | None = None


class Pool:
    """Processes that turn batches into part files; with one worker, this process does it.

    Args:
        worker: What each process does.
        workers: How many there are.
    """

    def __init__(self, worker: Worker, workers: int) -> None:
        self._worker, self._workers = worker, workers
        self._executor = self._started() if workers > 1 else None

    def _started(self) -> ProcessPoolExecutor:
        # Forked before any thread runs and any file is open; where there is no fork, each builds a checker of its own.
        executor = ProcessPoolExecutor(self._workers, initializer=_begin, initargs=(self._worker,))
        for future in [executor.submit(os.getpid) for _ in range(self._workers)]:
            future.result()
        return executor

    def submit(self, batch: Batch, path: Path, codec: str) -> Future[Part | None]:
        """Have a batch checked and its part saved; ``None`` says that it stands in the file."""
        if self._executor:
            return self._executor.submit(_work, batch, path, codec)
        done: Future[Part | None] = Future()
        try:
            part = self._worker.part(batch, codec)
            save(part, path)
            done.set_result(part)
        except OSError as error:
            done.set_exception(error)
        return done

    def restart(self) -> None:
        """Begin anew after a process died."""
        if self._executor:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = self._started()

    def close(self) -> None:
        """Let running work end and drop what waits."""
        if self._executor:
            self._executor.shutdown(wait=True, cancel_futures=True)


def _begin(worker: Worker) -> None:
    """Keep the worker, leave Ctrl-C to the parent, and do not outlive it."""
    global _worker  # noqa: PLW0603 - the one place a worker process can keep what it was started with
    _worker = worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _work(batch: Batch, path: Path, codec: str) -> None:
    assert _worker is not None
    save(_worker.part(batch, codec), path)


__all__ = ["BrokenProcessPool", "Pool"]
