"""Many documents over several processes: results in order, memory bounded, a checker built once a worker."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from qcheck.errors import QcheckError
from qcheck.finding import Finding, Fix
from qcheck.report import Report

if TYPE_CHECKING:
    from qcheck.checker import Checker
    from qcheck.document import Document
    from qcheck.rules.model import Rule

_BATCH = 64  # documents a task: pickling a task costs about as much as checking one short document
_BATCH_CHARACTERS = 1_000_000  # or fewer, where documents are long: what is under way must fit in memory
_checker: Checker | None = None


class _Result(NamedTuple):
    """What a worker sends back: neither the text nor the rules, which the parent has, but what was dear to find out."""

    findings: list[tuple[str, int, int, str, Fix | None]]
    errors: tuple[str, ...]
    language: str


def check_in_processes(checker: Checker, documents: Iterable[Document], workers: int) -> Iterator[Report]:
    """Reports in the order of the documents; at most two batches a worker are under way.

    Raises:
        QcheckError: A worker process died.
    """
    batches, rules = _Batches(documents), {rule.code: rule for rule in checker.rules}
    pool = ProcessPoolExecutor(workers, initializer=_start, initargs=(checker,))

    def submitted(batch: list[Document]) -> tuple[list[Document], Future[list[_Result]]]:
        return batch, pool.submit(_check, batch)

    try:
        waiting = deque(map(submitted, islice(batches, 2 * workers)))
        while waiting:
            batch, future = waiting.popleft()
            results = _result(future, batch)
            waiting.extend(map(submitted, islice(batches, 1)))
            for document, result in zip(batch, results, strict=True):
                yield _report(document, result, rules, checker)
    finally:
        pool.shutdown(cancel_futures=True)
    if batches.failure:
        raise batches.failure


class _Batches:
    """Documents in batches; when their source fails, first what it gave is checked, then ``failure`` is raised."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = iter(documents)
        self.failure: Exception | None = None

    def __iter__(self) -> _Batches:
        return self

    def __next__(self) -> list[Document]:
        batch: list[Document] = []
        characters = 0
        try:
            for document in self._documents:
                batch.append(document)
                characters += len(document.text)
                if len(batch) == _BATCH or characters >= _BATCH_CHARACTERS:
                    break
        except Exception as error:
            self.failure, self._documents = error, iter(())
        if not batch:
            raise StopIteration
        return batch


def _result(future: Future[list[_Result]], batch: list[Document]) -> list[_Result]:
    try:
        return future.result()
    except BrokenProcessPool:
        where = f" at or near {batch[0].id!r}" if batch[0].id is not None else ""
        raise QcheckError(
            f"a worker process died{where}, perhaps for want of memory; run with one worker to see the document. In a "
            "script, call check_many(workers=...) below if __name__ == '__main__'"
        ) from None


def _report(document: Document, result: _Result, rules: Mapping[str, Rule], checker: Checker) -> Report:
    document.language = result.language
    findings = tuple(
        Finding(rules[code], start, end, message, fix, document) for code, start, end, message, fix in result.findings
    )
    return Report(document, findings, result.errors, checker)


def _start(checker: Checker) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the parent ends the run
    global _checker  # noqa: PLW0603 - the one place a worker process can keep what it was started with
    _checker = checker


def _check(batch: list[Document]) -> list[_Result]:
    assert _checker is not None
    return [_packed(_checker.check_document(document)) for document in batch]


def _packed(report: Report) -> _Result:
    findings = [(f.rule.code, f.start, f.end, f.message, f.fix) for f in report.findings]
    return _Result(findings, report.errors, report.language)
