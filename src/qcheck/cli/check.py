"""``qcheck check``: documents in, reports out, an exit code."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qcheck.checker import Checker
from qcheck.cli.effective import effective, narrows, options_of, settings_file, shown, with_records
from qcheck.cli.mending import Mender
from qcheck.cli.outputs import Outputs, files_of
from qcheck.cli.terminal import look_of, warn, with_progress
from qcheck.report import Report
from qcheck.reports import Outcome, ReportWriter, open_report
from qcheck.reports.cells import visible
from qcheck.reports.closing import left_out
from qcheck.reports.summary import Summary
from qcheck.settings import Settings
from qcheck.sources import STDIN, Record, Text, Unreadable
from qcheck.sources.walk import Walk

# These say themselves what was left out; beside the others it goes to standard error.
_FOR_PEOPLE = ("table", "full", "markdown", "statistics")
_STREAMING = ("full", "concise", "json", "jsonl")


def check(arguments: Namespace) -> int:
    """Run ``qcheck check``; the exit code."""
    file = settings_file(arguments)
    settings = effective(file, arguments)
    checker = Checker(config=settings)
    if arguments.show_settings:
        print("\n".join(shown(settings, checker)))
        return 0
    return _Run(arguments, settings, checker).go()


@dataclass
class _Run:
    arguments: Namespace
    settings: Settings
    checker: Checker

    def __post_init__(self) -> None:
        self.summary = Summary()
        self.mender = Mender(self.checker, unsafe=self.arguments.unsafe_fixes)
        self.fails = False

    def go(self) -> int:
        """Check all documents, report them, and say how the run ends."""
        arguments = self.arguments
        saved = not (arguments.diff or narrows(arguments))
        files = files_of(arguments, self.settings, self.format, saved=saved)
        records = arguments.text_field or arguments.input_format
        settings = with_records(self.settings) if records else self.settings
        walk = Walk(arguments.paths, settings, files, options_of(arguments))
        results = checked(walk, self.checker, arguments.workers)
        with Outputs(self._main(), files) as outputs:
            for record, report in with_progress(results, "documents", wanted=self._shows_progress()):
                self._take(record, report, outputs)
            self.summary.skipped = walk.skipped
            outputs.finish(self.summary)
            failed = outputs.failed
        self._last_words()
        if failed or self.mender.failed or self.summary.unreadable or self.summary.incomplete:
            return 2
        return int(self.fails and not arguments.exit_zero)

    @property
    def format(self) -> str:
        """The format of the main report."""
        return self.arguments.output_format or ("statistics" if self.arguments.statistics else "table")

    def _main(self) -> ReportWriter | None:
        """The report on a stream: standard output, unless that takes a mended text."""
        if self.arguments.diff or self.arguments.output_file:
            return None
        stream = sys.stderr if self.arguments.fix and STDIN in self.arguments.paths else sys.stdout
        return open_report(self.format, stream, look_of(stream))

    def _shows_progress(self) -> bool:
        streams = self.arguments.diff or self.format in _STREAMING
        return not self.arguments.no_progress and not (streams and sys.stdout.isatty())

    def _take(self, record: Record, report: Report | None, outputs: Outputs) -> None:
        if isinstance(record, Text) and report:
            if self.arguments.fix:
                report = self.mender.fix(record, report)
            elif self.arguments.diff:
                self.mender.show(record, report)
            self.fails = self.fails or self._is_failed(report)
        error = record.error if isinstance(record, Unreadable) else "; ".join(report.errors) if report else None
        outcome = Outcome(record.id, record.file.name, report, error or None)
        if outcome.error and self.arguments.diff:
            warn(f"{visible(outcome.id)}: {visible(outcome.error)}")
        self.summary.add(outcome)
        outputs.add(outcome)

    def _is_failed(self, report: Report) -> bool:
        if self.arguments.diff:
            return self.mender.differs
        least, fail_under = self.settings.min_severity.rank, self.settings.fail_under
        if fail_under is not None and report.score.value < fail_under:
            return True
        return any(finding.severity.rank >= least for finding in report.findings)

    def _last_words(self) -> None:
        for line in self.mender.summary():
            print(line, file=sys.stderr)
        if self.arguments.diff or self.arguments.output_file or self.format not in _FOR_PEOPLE:
            for line in left_out(self.summary):
                warn(line)


def checked(
    records: Iterable[Record], checker: Checker, workers: int | None = None
) -> Iterator[tuple[Record, Report | None]]:
    """Every record with its report, in order; ``None`` beside those that could not be read."""
    waiting: deque[Record] = deque()

    def texts() -> Iterator[tuple[str | None, str]]:
        for record in records:
            waiting.append(record)
            if isinstance(record, Text):
                yield record.id, record.text

    for report in checker.check_many(texts(), workers):
        while isinstance(waiting[0], Unreadable):
            yield waiting.popleft(), None
        yield waiting.popleft(), report
    yield from ((record, None) for record in waiting)
