"""List and archive pages: several articles in one document, told by what stands at the end of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_MOST_LINES_NAMED = 12


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One empty hit at the start of a document whose marks of an article's end have prose before each of them.

    Args:
        document: The document.
        candidates: Lines that stand at the end of an article.
        params: ``fewest_articles``, ``fewest_paragraphs`` of each, and the length of a ``paragraph``.
    """
    limits = {key: value for key, value in params.items() if isinstance(value, int)}
    marks = sorted({document.line_number(span.start) for span in candidates})
    if len(marks) < limits["fewest_articles"]:
        return
    starts = list(_articles(document, marks, limits))
    if len(starts) >= limits["fewest_articles"]:
        named = ", ".join(str(start + 1) for start in starts[:_MOST_LINES_NAMED])
        more = "" if len(starts) <= _MOST_LINES_NAMED else ", …"
        yield Hit(Span(0, 0), {"count": str(len(starts)), "lines": named + more})


def _articles(document: Document, marks: list[int], limits: Mapping[str, int]) -> Iterator[int]:
    """First filled line of every stretch that ends at a mark and holds enough paragraphs."""
    first = 0
    for mark in marks:
        filled = [n for n in range(first, mark) if document.slice(document.lines[n]).strip()]
        long = sum(len(document.slice(document.lines[n])) >= limits["paragraph"] for n in filled)
        if long >= limits["fewest_paragraphs"]:
            yield filled[0]
        first = mark + 1
