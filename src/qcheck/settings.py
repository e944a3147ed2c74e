"""Settings from qcheck.toml or [tool.qcheck] of the nearest pyproject.toml; one file, never merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qcheck.errors import FileError
from qcheck.finding import Severity
from qcheck.tables import Table, read_toml

NAMES = ("qcheck.toml", "pyproject.toml")
# Files that a walk takes from a folder; a file named outright is checked whatever its name.
INCLUDE = ("*.txt", "*.text", "*.md", "*.markdown", "*.rst")


@dataclass(frozen=True, slots=True)
class SavedReport:
    """Reports that every run over exactly these paths writes.

    Attributes:
        paths: The paths of the run.
        outputs: Output format to file.
    """

    paths: tuple[Path, ...]
    outputs: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a settings file can say; paths in it count from its folder.

    Attributes:
        select: Rules to run; ``None`` is all stable ones.
        ignore: Rules not to run.
        extend_select: Rules to run beside ``select``.
        extend_rules: Folders of further rules.
        preview: Run preview rules too.
        min_severity: Findings from this severity up fail a run.
        fail_under: A document that scores less fails a run.
        include: Name patterns that a walk takes from folders.
        exclude: Path patterns that a walk leaves out, as in .gitignore.
        per_file_ignores: Path pattern to the rules ignored there.
        reports: Reports that go with fixed paths.
        path: The file the settings come from.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    extend_rules: tuple[Path, ...] = ()
    preview: bool = False
    min_severity: Severity = Severity.ERROR
    fail_under: float | None = None
    include: tuple[str, ...] = INCLUDE
    exclude: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reports: tuple[SavedReport, ...] = ()
    path: Path | None = None

    @classmethod
    def nearest(cls, folder: Path) -> Settings:
        """The settings of the nearest file at or above a folder; the defaults where there is none.

        Raises:
            FileError: The file is wrong.
        """
        folder = folder.absolute()  # a relative path has no parents above its own first part
        for place in (folder, *folder.parents):
            for name in NAMES:
                found = place / name
                if found.is_file() and (settings := _read(found)) is not None:
                    return settings
        return cls()

    @classmethod
    def load(cls, path: Path) -> Settings:
        """The settings of one file.

        Raises:
            FileError: The file is wrong, or a pyproject.toml without [tool.qcheck].
        """
        settings = _read(path)
        if settings is None:
            raise FileError(path, 1, "has no [tool.qcheck]")
        return settings


def _read(path: Path) -> Settings | None:
    table: Table | None = read_toml(path)
    if path.name == "pyproject.toml" and table:
        tool = table.table("tool")
        table = tool.table("qcheck") if tool else None
    return _settings(table) if table else None


def _settings(table: Table) -> Settings:
    folder = table.path.parent
    per_file = table.table("per-file-ignores")
    settings = Settings(
        select=table.strings("select") if "select" in table else None,
        ignore=table.strings("ignore"),
        extend_select=table.strings("extend-select"),
        extend_rules=tuple(folder / name for name in table.strings("extend-rules")),
        preview=table.take("preview", bool, False),
        min_severity=Severity(table.choice("min-severity", tuple(Severity), Severity.ERROR)),
        fail_under=table.take("fail-under", float),
        include=table.strings("include") or INCLUDE,
        exclude=table.strings("exclude"),
        per_file_ignores={glob: per_file.strings(glob) for glob in per_file.keys()} if per_file else {},
        reports=tuple(_saved_report(row, folder) for row in table.tables("reports")),
        path=table.path,
    )
    if settings.fail_under is not None and not 0 <= settings.fail_under <= 100:
        raise table.error("fail-under", f"'fail-under' must be a score from 0 to 100, not {settings.fail_under:g}")
    table.finish()
    return settings


def _saved_report(row: Table, folder: Path) -> SavedReport:
    paths = row.strings("paths")
    if not paths:
        raise row.error(None, "a report needs 'paths': the paths of the runs that write it")
    outputs = {name: folder / row.take(name, str, required=True) for name in row.keys()}
    return SavedReport(tuple(folder / path for path in paths), outputs)
