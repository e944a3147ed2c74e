"""What stands at the edges of printed pages and was read into the text: page numbers and running heads."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_PATTERNS = {
    "number": re.compile(r"[\[(—–-]{0,2} ?(?:[Pp]age |p\. ?)?(\d{1,4}) ?[\])—–-]{0,2}"),
    "head": re.compile(
        r"(?:(?P<before>\d{1,4})\s{1,20})?(?P<head>[^\W\d_][\w .,'’&-]{2,60}?)(?:\s{1,20}(?P<after>\d{1,4}))?"
    ),
}
# How a line with a page number begins or ends.
_LAST, _FIRST = frozenset("0123456789])-—–"), frozenset("0123456789")
_LONGEST_LINE = 80
# Pages of books and reports hold 800 to 6,000 characters; a chain may miss three pages whose number was misread.
_SHORTEST_PAGE, _LONGEST_PAGE, _MOST_STEPS = 300, 9000, 4
_FEWEST_PAGES = 3


class _Edge(NamedTuple):
    """A line that may stand at a page's edge."""

    span: Span
    number: int
    cuts: bool


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield lines that stand at the edges of pages.

    Numbers must rise from page to page, with a page of text between them, and most must stand in the middle of a
    sentence: headings of chapters and items of lists do not.

    Args:
        document: The document.
        candidates: None.
        params: ``kind``: ``number`` for numbers alone, ``head`` for numbers beside a head.
    """
    lines = document.stripped_lines
    chains = defaultdict[str, list[list[_Edge]]](list)
    for at in _may_be_edges(document):
        parsed = _parsed(lines[at], str(params["kind"]))
        if parsed:
            head, number = parsed
            start = document.text.index(lines[at], document.lines[at].start)
            span = Span(start, start + len(lines[at]))
            _chain(chains[head], _Edge(span, number, _cuts_a_sentence(document.text, span)))
    for chain in (chain for found in chains.values() for chain in found):
        if len(chain) >= _FEWEST_PAGES and 2 * sum(edge.cuts for edge in chain) > len(chain):
            yield from (Hit(edge.span) for edge in chain)


def is_quiet(document: Document) -> bool:
    """Whether too few lines can stand at the edges of pages."""
    return len(_may_be_edges(document)) < _FEWEST_PAGES


@lru_cache(maxsize=1)
def _may_be_edges(document: Document) -> list[int]:
    """Short lines with a figure or a bracket at an end; the rules for numbers and heads ask one after the other."""
    return [
        at
        for at, line in enumerate(document.stripped_lines)
        if len(line) <= _LONGEST_LINE and (line[-1:] in _LAST or line[:1] in _FIRST)
    ]


def _parsed(line: str, kind: str) -> tuple[str, int] | None:
    """The head, without the mistakes that differ from page to page, and the page's number."""
    match = _PATTERNS[kind].fullmatch(line)
    if match is None:
        return None
    if kind == "number":
        return "", int(match[1])
    before, head, after = match.group("before", "head", "after")
    if (before is None) == (after is None) or not head[0].isupper():
        return None
    return head.strip().lower(), int(before or after)


def _chain(chains: list[list[_Edge]], edge: _Edge) -> None:
    """Put a line behind the one of the page before, or begin a new chain."""
    for chain in chains[-_MOST_STEPS:]:
        last = chain[-1]
        steps, gap = edge.number - last.number, edge.span.start - last.span.end
        if 1 <= steps <= _MOST_STEPS and _SHORTEST_PAGE <= gap <= steps * _LONGEST_PAGE:
            chain.append(edge)
            return
    chains.append([edge])


def _cuts_a_sentence(text: str, span: Span) -> bool:
    before, after = text[max(0, span.start - 80) : span.start].rstrip(), text[span.end : span.end + 80].lstrip()
    return bool(before) and (before[-1].isalnum() or before[-1] in ",-") and after[:1].islower()
