"""qcheck inside the engines that corpora run on; one module an engine, all of them on ``check_texts``.

What travels to a worker is the arguments of a checker; the checker is built there, once a process. Rows are never lost:
a value that is no text gets a row with its error, and order is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qcheck.checker import Checker
from qcheck.finding import Family, Finding
from qcheck.report import Report
from qcheck.sinks.findings import row

COLUMNS = ("score", "verdict", "findings", "error")
OPTIONAL = ("families", "language", "fixed")


@dataclass(frozen=True, slots=True)
class Options:
    """What to check, how, and what to say of it; picklable and hashable.

    Attributes:
        text: The column that holds the texts.
        id: The column that holds their names or paths.
        columns: What to add: any of ``score``, ``verdict``, ``findings``, ``error``, ``families`` (what each took from
            the score), ``language`` and ``fixed`` (the mended text).
        prefix: What the names of added columns begin with; a column of that name that is there already is replaced.
        unsafe: Let ``fixed`` hold unsafe fixes too.
        checker: Keyword arguments of :class:`qcheck.Checker`, as sorted pairs.
    """

    text: str = "text"
    id: str | None = None
    columns: tuple[str, ...] = COLUMNS
    prefix: str = "qcheck_"
    unsafe: bool = False
    checker: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        known = (*COLUMNS, *OPTIONAL)
        if unknown := [column for column in self.columns if column not in known]:
            raise ValueError(f"unknown column {unknown[0]!r}; known: {', '.join(known)}")

    @property
    def names(self) -> list[str]:
        """The names of the columns that are added."""
        return [self.prefix + column for column in self.columns]


def options(
    *,
    text: str = "text",
    id: str | None = None,
    columns: Iterable[str] = COLUMNS,
    prefix: str = "qcheck_",
    unsafe: bool = False,
    **checker: Any,
) -> Options:
    """Options from keyword arguments, as every adapter takes them; the rest goes to the checker.

    >>> options(text="body", ignore=["typography"]).checker
    (('ignore', ('typography',)),)
    """
    frozen = {name: tuple(value) if isinstance(value, list | set) else value for name, value in sorted(checker.items())}
    return Options(text, id, tuple(columns), prefix, unsafe, tuple(frozen.items()))


def checker_of(wanted: Options) -> Checker:
    """The checker for these options: built on the first call in a process, kept from then on."""
    return _built(wanted.checker)


@lru_cache(maxsize=8)
def _built(arguments: tuple[tuple[str, Any], ...]) -> Checker:
    return Checker(**dict(arguments))


def check_texts(texts: Iterable[object], ids: Iterable[object] | None, wanted: Options) -> Iterator[dict[str, Any]]:
    """One row of the wanted columns for each text, in order, without the prefix."""
    checker = checker_of(wanted)
    if ids is None:
        for text in texts:
            yield _row(checker, text, None, wanted)
        return
    for text, id_ in zip(texts, ids, strict=True):
        yield _row(checker, text, None if id_ is None else str(id_), wanted)


def _row(checker: Checker, text: object, id_: str | None, wanted: Options) -> dict[str, Any]:
    if not isinstance(text, str):
        what = "null" if text is None else type(text).__name__
        return _failed(wanted, f"the text is {what}, not a string")
    try:
        report = checker.check(text, id_)
        return {column: _VALUES[column](report, wanted) for column in wanted.columns}
    except Exception as error:  # whatever it is, it must cost this row its columns and no other row anything
        return _failed(wanted, f"the check failed: {type(error).__name__}: {error}")


def _failed(wanted: Options, error: str) -> dict[str, Any]:
    return {column: error if column == "error" else None for column in wanted.columns}


def _finding_row(finding: Finding) -> dict[str, Any]:
    """A finding as plain values that UTF-8 can hold; offsets are code points of the text."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in row(finding).items()}


def clean(text: str) -> str:
    """The text with lone surrogates as escapes: columns hold UTF-8 and nothing else."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


_VALUES: dict[str, Callable[[Report, Options], Any]] = {
    "score": lambda report, _: round(report.score.value, 1),
    "verdict": lambda report, _: str(report.score.verdict),
    "findings": lambda report, _: [_finding_row(finding) for finding in report.findings],
    "error": lambda report, _: "; ".join(report.errors) or None,
    "families": lambda report, _: {str(f): round(report.score.families.get(f, 0.0), 1) for f in Family},
    "language": lambda report, _: report.language,
    "fixed": lambda report, wanted: clean(report.fixed(unsafe=wanted.unsafe)),
}
