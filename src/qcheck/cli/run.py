"""``qcheck run``: a corpus in, a corpus out."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from qcheck.checker import Checker
from qcheck.cli.effective import effective, options_of, settings_file, with_records
from qcheck.cli.terminal import warn
from qcheck.reports.cells import visible
from qcheck.reports.closing import counted, not_looked_at
from qcheck.run.engine import Engine
from qcheck.run.folder import MANIFEST, RunFolder
from qcheck.run.manifest import manifest
from qcheck.run.plan import Corpus, key_of, settings_of, shards_of
from qcheck.run.tally import Tally
from qcheck.run.work import Worker
from qcheck.sinks import Wanted
from qcheck.sources import MIB
from qcheck.sources.opening import size_of
from qcheck.sources.walk import Walk

INTERRUPTED = 130
FAILED = 2
_TOP_RULES = 5


def run(arguments: Namespace) -> int:
    """Run ``qcheck run``; the exit code: 2 if anything was quarantined, 130 if it was interrupted."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        print("qcheck: interrupted; the same command goes on from here", file=sys.stderr)
        return INTERRUPTED


def _run(arguments: Namespace) -> int:
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # Arrow's own pool keeps what it had at the peak
    settings = effective(settings_file(arguments), arguments)
    checker = Checker(config=settings)
    options = replace(options_of(arguments), max_record=int(arguments.max_record * MIB))
    if arguments.batch_size:
        options = replace(options, batch_bytes=int(arguments.batch_size * 1024))
    wanted = Wanted(
        arguments.records,
        arguments.unsafe_fixes,
        arguments.split,
        arguments.findings,
        arguments.attributes,
        arguments.compression,
    )
    out = Path(arguments.out)
    walk = Walk(arguments.paths, with_records(settings), (out,), options)
    corpus = Corpus(shards_of(walk.files(), options), walk.skipped)
    described = settings_of(checker, options, wanted)
    folder = RunFolder(out, key_of(described), overwrite=arguments.overwrite)
    try:
        return _Run(arguments, described, Worker(checker, options, wanted), folder, corpus).go()
    finally:
        folder.leave()


class _Run:
    def __init__(
        self,
        arguments: Namespace,
        described: dict[str, Any],
        worker: Worker,
        folder: RunFolder,
        corpus: Corpus,
    ) -> None:
        self._arguments, self._described, self._folder, self._corpus = arguments, described, folder, corpus
        self._started, self._clock = datetime.now(UTC), time.perf_counter()
        self._bar = _Bar(sum(size_of(shard.file) for shard in corpus.shards), wanted=not arguments.no_progress)
        key = key_of(described)
        self._engine = Engine(key, worker, folder, arguments.workers, self._bar.advance, self._complain)

    def go(self) -> int:
        """Do it, and say what came of it."""
        try:
            with self._bar:
                results = self._engine.go(self._corpus.shards)
            self._folder.finish(self._manifest(results))
        except OSError as error:
            reason = error.strerror or error
            warn(f"cannot write to {self._folder.out}: {reason}; what is done stays, the same command goes on")
            return FAILED
        for line in self._last_words():
            print(line)
        tally = self._engine.tally
        return FAILED if tally["quarantined"] or tally["incomplete"] or not self._corpus.shards else 0

    def _manifest(self, results: list[dict[str, Any]]) -> dict[str, Any]:
        inputs = {"skipped": dict(sorted(self._corpus.skipped.items())), "shards": results}
        timings = {
            "started": self._started.isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - self._clock, 3),
            "workers": self._arguments.workers,
            "shards_already_done": self._engine.resumed,
        }
        return manifest(self._engine.run, self._described, self._engine.tally, inputs, timings)

    def _complain(self, place: str, reason: str) -> None:
        self._bar.say(f"qcheck: {visible(place)}: {visible(reason)}")

    def _last_words(self) -> Iterator[str]:
        tally, seconds = self._engine.tally, time.perf_counter() - self._clock
        yield f"read {tally['read']:,} = checked {tally['checked']:,} + quarantined {tally['quarantined']:,}"
        if not self._corpus.shards:
            yield "No documents were found to check."
        yield from not_looked_at(self._corpus.skipped)
        if tally["checked"]:
            verdicts = ", ".join(f"{tally.group('verdicts')[name]:,} {name}" for name in ("keep", "fix", "drop"))
            yield f"{verdicts}; mean score {tally.mean_score}"
            yield _findings(tally)
        if tally["mended"]:
            yield f"{counted(tally['mended'], 'document')} mended"
        if tally["incomplete"]:
            yield f"On {counted(tally['incomplete'], 'document')} a rule could not finish."
        if tally["quarantined"]:
            yield f"What could not be checked stands with its reason in {self._folder.out / 'quarantine'}"
        if self._engine.resumed:
            yield f"{counted(self._engine.resumed, 'file')} had been done before"
        rate = tally["characters"] / 1e6 / seconds
        yield f"{self._folder.out / MANIFEST} says the rest; {seconds:,.1f} s, {rate:.1f} million characters a second"


def _findings(tally: Tally) -> str:
    rules = tally.group("findings")
    if not rules:
        return "No findings."
    top = ", ".join(f"{code} {count:,}" for code, count in rules.most_common(_TOP_RULES))
    return f"{counted(rules.total(), 'finding')} ({top}{', …' if len(rules) > _TOP_RULES else ''})"


class _Bar:
    """Bytes read, rate and time left on a terminal's standard error; elsewhere nothing."""

    def __init__(self, size: int, *, wanted: bool) -> None:
        self._size = size
        self._bar: Any = None
        self._wanted = wanted and sys.stderr.isatty()

    def __enter__(self) -> _Bar:
        if self._wanted:
            from tqdm import tqdm

            self._bar = tqdm(total=self._size or None, unit="B", unit_scale=True, delay=1, leave=False, file=sys.stderr)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()

    def advance(self, size: int, tally: Tally) -> None:
        """Count bytes of inputs."""
        if self._bar is not None:
            self._bar.set_postfix_str(f"{tally['read']:,} read, {tally['quarantined']:,} quarantined", refresh=False)
            self._bar.update(size)

    def say(self, line: str) -> None:
        """Write a line without spoiling the bar."""
        if self._bar is not None:
            self._bar.write(line, file=sys.stderr)
        else:
            print(line, file=sys.stderr)
