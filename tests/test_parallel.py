from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcheck import Checker, Document, QcheckError
from qcheck.parallel import _BATCH, _BATCH_CHARACTERS
from rulekit import make_checker, plant_detector

GERMAN = "Der Fluss ist am Sonntag wieder gestiegen, und der Rat hat die Brücke für den Verkehr gesperrt."


@pytest.fixture
def checker(tmp_path: Path) -> Checker:
    return make_checker(tmp_path, fix="safety = 'safe'\nreplace = 'good'")


def documents(count: int) -> list[tuple[str, str]]:
    return [(f"d{n}", f"é {n} BAD\ud800 day. {GERMAN}" if n % 3 else "") for n in range(count)]


def test_two_workers_say_what_one_says_in_order(checker: Checker) -> None:
    items = documents(3 * _BATCH + 5)

    together = list(checker.check_many(items, workers=2))

    alone = list(checker.check_many(items, workers=1))
    assert [r.to_dict() for r in together] == [r.to_dict() for r in alone]
    assert [r.id for r in together] == [id_ for id_, _ in items]
    assert together[1].fixed() == alone[1].fixed() == items[1][1].replace("BAD", "good")


def test_workers_keep_the_documents_and_rules_that_the_caller_has(checker: Checker) -> None:
    document = Document("a BAD day")

    (report,) = checker.check_many([document], workers=2)

    assert report.document is document
    assert report.findings[0].rule is checker.rules[0]


def test_nothing_to_do(checker: Checker) -> None:
    assert list(checker.check_many([], workers=2)) == []


def test_a_source_is_not_read_far_ahead(checker: Checker) -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "a BAD day"

    reports = checker.check_many(endless(), workers=2)

    for done in range(1, 3 * _BATCH):
        next(reports)
        assert taken <= done + 5 * _BATCH
    reports.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_source_that_fails_loses_nothing_that_it_gave(checker: Checker, workers: int) -> None:
    def source() -> Iterator[tuple[str, str]]:
        yield from documents(_BATCH + 7)
        raise OSError("the disk is gone")

    checked = []

    def check_all() -> None:
        for report in checker.check_many(source(), workers=workers):
            checked.append(report.id)  # noqa: PERF401 - what came before the error counts

    with pytest.raises(OSError, match="the disk is gone"):
        check_all()
    assert checked == [id_ for id_, _ in documents(_BATCH + 7)]


def test_a_worker_that_dies_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(document: Document, *rest: object) -> Iterator[object]:
        if "KILL" in document.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return iter(())

    plant_detector(monkeypatch, die)
    checker = make_checker(tmp_path, "detector = 'planted'", kind="python")

    with pytest.raises(QcheckError, match=r"a worker process died at or near 'doomed', perhaps for want of memory"):
        list(checker.check_many([("doomed", "KILL")], workers=2))
    with pytest.raises(QcheckError, match=r"a worker process died, perhaps for want of memory"):
        list(checker.check_many(["KILL"], workers=2))


def test_long_documents_go_in_small_batches(checker: Checker) -> None:
    long = "a quiet day\n" * (_BATCH_CHARACTERS // 20)
    taken = []

    reports = checker.check_many((taken.append(n) or long for n in range(40)), workers=2)  # type: ignore[func-returns-value]
    next(reports)

    assert len(taken) == 5 * 2
    assert sum(1 for _ in reports) == 39


def test_leaving_early_stops_the_workers(checker: Checker) -> None:
    started = time.perf_counter()
    reports = checker.check_many(("BAD " * 20 for _ in range(100_000)), workers=2)
    next(reports)

    reports.close()  # type: ignore[attr-defined]

    assert time.perf_counter() - started < 20
