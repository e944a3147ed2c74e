"""UTF-8 read in a wrong encoding: ftfy judges and mends, line by line; this finds the places that it changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.scan.hit import Hit

# Edits with nothing but this between them are one finding: words that are mojibake from end to end.
_BETWEEN = re.compile(r"[\x20-\x40\xa0]{0,3}")
# A capital A with circumflex ends words in Portuguese and Romanian capitals; ftfy takes it for a no-break space.
_SOUND = re.compile(r"[A-Z]Â[\xa0 ][A-Z]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_ANCHOR = 12
# A run and its replacement are compared in a window of this many characters; ftfy never inserts more.
_LONGEST_RUN = 400
_LONGEST_FIELD = 60


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One hit for each stretch of a line that ftfy would mend, with one edit for each sequence."""
    for number in sorted({document.line_number(span.start) for span in candidates}):
        line = document.lines[number]
        broken = document.slice(line)
        mended = _mended(broken)
        if mended != broken:
            edits = [e for e in _edits(broken, mended) if not _SOUND.match(broken, max(0, e.start - 1))]
            for group in _grouped(broken, edits):
                yield _hit(broken, group, line.start)


def _hit(line: str, edits: list[Edit], offset: int) -> Hit:
    start, end = edits[0].start, edits[-1].end
    pieces, at = [], start
    for edit in edits:
        pieces += [line[at : edit.start], edit.replacement]
        at = edit.end
    moved = tuple(Edit(e.start + offset, e.end + offset, e.replacement) for e in edits)
    return Hit(Span(start + offset, end + offset), {"meant": "".join(pieces)[:_LONGEST_FIELD]}, edits=moved)


@cache
def _ftfy() -> tuple[Any, Any]:
    """The ftfy module, and settings that mend encodings but leave quotes, ligatures, widths and forms as they are."""
    import ftfy  # 73 ms: only a text with a candidate pays for it

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    return ftfy, config


def _mended(line: str) -> str:
    """What ftfy makes of the line; where that leaves mojibake, of its parts between blanks.

    ftfy undoes one wrong decoding of a whole text. A line that was pasted together from two of them (MacRoman here,
    Windows-1252 there) gives way only piece by piece.
    """
    ftfy, config = _ftfy()
    mended: str = ftfy.fix_encoding(line, config)
    if ftfy.is_bad(mended):
        mended = "".join(ftfy.fix_encoding(piece, config) for piece in re.split(r"(\s+)", mended))
    return mended


def _edits(broken: str, mended: str) -> Iterator[Edit]:
    """Minimal replacements that turn one string into the other.

    Only runs of non-ASCII characters, and blanks beside them, are ever changed, so the ASCII text between them lines
    the two strings up in one pass; a general diff is quadratic.
    """
    at = to = 0
    runs = [match.span() for match in _NON_ASCII.finditer(broken)]
    index = 0
    while index < len(runs):
        start = runs[index][0]
        to += start - at
        end, index = _resync(broken, mended, runs, index, to)
        stop = len(mended) if end == len(broken) else _find_anchor(broken, mended, end, to, end - start)
        yield from _trimmed(broken, mended, (start, end), (to, stop))
        at, to = end, stop


def _resync(broken: str, mended: str, runs: list[tuple[int, int]], index: int, to: int) -> tuple[int, int]:
    """End of the piece that begins at a run and after which both strings go on alike, and the next run's number."""
    start = runs[index][0]
    while index < len(runs):
        end = runs[index][1]
        index += 1
        if _find_anchor(broken, mended, end, to, end - start) >= 0:
            return end, index
        if end - start > _LONGEST_RUN:
            break
    return len(broken), len(runs)


def _find_anchor(broken: str, mended: str, end: int, to: int, longest: int) -> int:
    """Where the ASCII text after ``end`` goes on in the mended string, or -1."""
    after = broken[end : end + _ANCHOR]
    stop = _NON_ASCII.search(after)
    anchor = after[: stop.start()] if stop else after
    if not anchor:
        return len(mended) if end == len(broken) else -1
    return mended.find(anchor, to, to + longest + len(anchor))


def _trimmed(broken: str, mended: str, old: tuple[int, int], new: tuple[int, int]) -> Iterator[Edit]:
    """The edit without what both sides share at their ends; none if they are the same."""
    (start, end), (first, last) = old, new
    while start < end and first < last and broken[start] == mended[first]:
        start, first = start + 1, first + 1
    while start < end and first < last and broken[end - 1] == mended[last - 1]:
        end, last = end - 1, last - 1
    if start < end or first < last:
        yield Edit(start, end, mended[first:last])


def _grouped(line: str, edits: list[Edit]) -> Iterator[list[Edit]]:
    group: list[Edit] = []
    for edit in edits:
        if group and not _BETWEEN.fullmatch(line, group[-1].end, edit.start):
            yield group
            group = []
        group.append(edit)
    if group:
        yield group
