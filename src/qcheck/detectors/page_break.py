"""What stands at the edges of printed pages and was read into the text: page numbers, running heads, catchwords."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_NUMBER = re.compile(r"\d{1,4}")
_NO_LETTERS = re.compile(r"[\W\d_]+")
# Pages of books and reports hold 800 to 6,000 characters; a chain may miss three pages whose number was misread.
_SHORTEST_PAGE, _LONGEST_PAGE, _MOST_STEPS = 300, 9000, 4
_FEWEST_PAGES = 3
_LONGEST_CATCHWORD = 20


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
        candidates: Lines with a page number, and with a running head beside it.
        params: ``catchwords``: whether to yield the catchwords above these lines instead.
    """
    chains = defaultdict[str, list[list[_Edge]]](list)
    for candidate in candidates:
        text = document.slice(candidate)
        number = _NUMBER.search(text)
        if number is None:
            continue
        span = Span(candidate.start + len(text) - len(text.lstrip()), candidate.start + len(text.rstrip()))
        edge = _Edge(span, int(number[0]), _cuts_a_sentence(document.text, span))
        _chain(chains[_NO_LETTERS.sub(" ", text).strip().lower()], edge)
    for chain in (chain for found in chains.values() for chain in found):
        if len(chain) >= _FEWEST_PAGES and 2 * sum(edge.cuts for edge in chain) > len(chain):
            spans = [edge.span for edge in chain]
            found = [_catchword(document.text, span) for span in spans] if params.get("catchwords") else spans
            yield from (Hit(span) for span in found if span)


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


def _catchword(text: str, span: Span) -> Span | None:
    """The word alone in the line above, if the text goes on with it."""
    above = text[max(0, span.start - 80) : span.start].rstrip()
    line = above.rpartition("\n")[2]
    word = line.strip()
    follows = text[span.end : span.end + 80].lstrip().partition("\n")[0]
    if "\n" not in above or not 1 < len(word) <= _LONGEST_CATCHWORD or not word.rstrip(".,;:-").isalpha():
        return None
    if not follows.lower().startswith(word.rstrip(".,;:-").lower()):
        return None
    end = max(0, span.start - 80) + len(above)
    return Span(end - len(word), end)
