"""Where the reports of one run go: standard output and any number of files, each complete or absent."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from qcheck.cli.terminal import warn
from qcheck.errors import FileError, QcheckError
from qcheck.files import Replacement
from qcheck.reports import FORMATS, Look, Outcome, ReportWriter, open_report
from qcheck.reports.summary import Summary
from qcheck.settings import SavedReport, Settings


class _FileReport:
    """A report on its way into a file."""

    def __init__(self, name: str, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = Replacement(path)
        except OSError as error:
            raise QcheckError(f"{path} cannot be written: {error.strerror}") from None
        self._text = TextIOWrapper(self._file.stream, encoding="utf-8", errors="backslashreplace", newline="\n")
        self._writer = open_report(name, self._text, Look())
        self.failed = False

    def add(self, outcome: Outcome) -> None:
        self._guarded(lambda: self._writer.add(outcome))

    def finish(self, summary: Summary) -> None:
        self._guarded(lambda: self._writer.finish(summary))
        self._guarded(self._commit)

    def _commit(self) -> None:
        self._text.flush()
        self._file.commit()

    def discard(self) -> None:
        self._file.discard()

    def _guarded(self, step: Callable[[], None]) -> None:
        """One full disk must not cost the other reports."""
        if self.failed:
            return
        try:
            step()
        except OSError as error:
            self.failed = True
            self.discard()
            warn(f"{self._path} cannot be written: {error.strerror or error}")


class Outputs:
    """All reports of a run; leaving the block before ``finish`` discards those to files.

    Args:
        main: The report on a stream, if there is one.
        files: Format and path of the others.
    """

    def __init__(self, main: ReportWriter | None, files: Mapping[Path, str]) -> None:
        self._main, self._files = main, list[_FileReport]()
        try:
            for path, name in files.items():
                self._files.append(_FileReport(name, path))
        except BaseException:
            self._discard()
            raise

    @property
    def failed(self) -> bool:
        """Whether a file could not be written."""
        return any(file.failed for file in self._files)

    def add(self, outcome: Outcome) -> None:
        """Hand the next document to all reports."""
        if self._main:
            self._main.add(outcome)
        for file in self._files:
            file.add(outcome)

    def finish(self, summary: Summary) -> None:
        """End all reports and put the files in their places."""
        if self._main:
            self._main.finish(summary)
        for file in self._files:
            file.finish(summary)
        self._files = [file for file in self._files if file.failed]

    def _discard(self) -> None:
        for file in self._files:
            file.discard()

    def __enter__(self) -> Outputs:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._discard()


def files_of(arguments: Namespace, settings: Settings, main_format: str, *, saved: bool) -> dict[Path, str]:
    """Every file that a run writes a report to, with the format.

    Args:
        arguments: The command line.
        settings: The settings, for its saved reports.
        main_format: The format of --output-file.
        saved: Whether saved reports may go with this run.

    Raises:
        QcheckError: Two reports want the same file.
        FileError: A saved report has an unknown format.
    """
    wanted = [(Path(arguments.output_file), main_format)] if arguments.output_file else []
    wanted += [(Path(path), name) for name in FORMATS if (path := getattr(arguments, f"{name}_file"))]
    for report in settings.reports:
        _check_formats(report, settings)
        if saved and _is_of(report, arguments.paths, settings):
            wanted += [(path, name) for name, path in report.outputs.items()]
    files: dict[Path, str] = {}
    for path, name in wanted:
        place = Path.cwd() / path
        if files.setdefault(place, name) != name:
            raise QcheckError(f"{path} cannot be a {files[place]} report and a {name} report at once")
    return files


def _check_formats(report: SavedReport, settings: Settings) -> None:
    assert settings.path is not None, "saved reports come out of a file"
    for name in report.outputs:
        if name not in FORMATS:
            raise FileError(settings.path, 1, f"reports has no format '{name}'; there are {', '.join(FORMATS)}")


def _is_of(report: SavedReport, paths: list[str], settings: Settings) -> bool:
    """Whether a run is the one a saved report is of: same paths, named from the same folder, so that ids agree."""
    folder = settings.path.parent.resolve() if settings.path else None
    named = [Path(path) for path in paths]
    if folder != Path.cwd().resolve() or any(path.is_absolute() for path in named):
        return False
    return sorted(folder / path for path in named) == sorted(folder / path for path in report.paths)
