"""Lines that stand twice in one document, or again with a credit behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_LIST_OR_TABLE = re.compile(r"\s*(?:[|#>*+•·-]|\d+[.)])|.*\|")
# A credit behind a repeated caption is short; a longer rest makes it a line of its own that merely begins the same.
_LONGEST_REST = 120
_LONG = 60
_LONGEST_PATH = 40


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield lines that repeat an earlier one.

    Args:
        document: The document.
        candidates: None; every line is looked at.
        params: ``min_characters`` and ``min_words`` of a line that counts; ``distance``: how many filled lines may lie
            between (0: any number), ``beyond``: how many must; ``with_credit``: whether a line counts that the next
            one repeats with a credit behind it.
    """
    shortest, fewest = int(str(params["min_characters"])), int(str(params["min_words"]))
    twice = {line for line in document.doubled_lines if len(line) >= shortest}
    long = [line for line in document.stripped_lines if len(line) >= shortest] if params.get("with_credit") else []
    suspects = twice | _credited(long) | _after_path(long)
    last: dict[str, int] = {}
    for place, line, number, before, following in _filled(document) if suspects else ():
        if line not in suspects or not _counts(line, fewest):
            continue
        again = line in last and _near(place - last[line] - 1, params)
        beside = bool(long) and (_adds_path(before, line) or _adds_credit(line, following))
        if again or (beside and before != line != following):
            yield Hit(_trimmed(document, number))
        last[line] = place


def _filled(document: Document) -> Iterator[tuple[int, str, int, str, str]]:
    """Filled lines: which one it is among them, its text, its number among all, and the filled lines beside it."""
    lines = [(number, line) for number, line in enumerate(document.stripped_lines) if line]
    before = ["", *(line for _, line in lines)]
    after = [*(line for _, line in lines[1:]), ""]
    for place, (number, line) in enumerate(lines):
        yield place, line, number, before[place], after[place]


def _credited(lines: list[str]) -> set[str]:
    return {line for line, following in pairwise(lines) if following.startswith(line) and following != line}


def _after_path(lines: list[str]) -> set[str]:
    """Lines that the line before ends with, behind the names of the sections that lead to it, or with other blanks."""
    pairs = ((before, line) for before, line in pairwise(lines) if before.endswith(line[-9:]) and before != line)
    return {line for before, line in pairs if _adds_path(before, line)}


def _near(between: int, params: Mapping[str, object]) -> bool:
    distance, beyond = int(str(params.get("distance", 0))), int(str(params.get("beyond", -1)))
    return between > beyond and (distance == 0 or between < distance)


def _counts(line: str, fewest: int) -> bool:
    opens_prose = line[0].isalnum() or line[0] in "“\"‘'("
    return len(line.split(None, fewest)) >= fewest and opens_prose and not _LIST_OR_TABLE.match(line)


def _adds_credit(line: str, following: str) -> bool:
    rest = following[len(line) :]
    return following.startswith(line) and 2 < len(rest) <= _LONGEST_REST and rest[:1] in " (\u00a0|—–-"


def _adds_path(before: str, line: str) -> bool:
    if "  " in line or "  " in before:
        before, line = " ".join(before.split()), " ".join(line.split())
    path = before[: -len(line)]
    is_path = 2 < len(path) <= _LONGEST_PATH and path.endswith(" ")
    return len(line) >= _LONG and before.endswith(line) and (not path or is_path)


def _trimmed(document: Document, number: int) -> Span:
    span = document.lines[number]
    line = document.slice(span)
    start = span.start + len(line) - len(line.lstrip())
    return Span(start, start + len(line.strip()))
