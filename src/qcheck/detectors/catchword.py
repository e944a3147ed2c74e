"""Catchwords: the first word of the next page, at the foot of a page, above what stands between the two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit, Mark

_LONGEST = 20


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield words that stand alone above a page's edge, where the text goes on with the same word.

    Args:
        document: The document.
        candidates: Findings of the family.
        params: ``edges``: codes of the rules whose findings are edges of pages.
    """
    edges = params["edges"]
    assert isinstance(edges, list)
    for candidate in candidates:
        if isinstance(candidate, Mark) and candidate.rule.code in edges:
            word = _catchword(document.text, candidate)
            if word:
                yield Hit(word)


def _catchword(text: str, edge: Span) -> Span | None:
    before = text[max(0, edge.start - 80) : edge.start].rstrip()
    line = before.rpartition("\n")[2]
    word = line.strip()
    bare = word.rstrip(".,;:-")
    if "\n" not in before or not 1 < len(word) <= _LONGEST or not bare.isalpha():
        return None
    if not text[edge.end : edge.end + 80].lstrip().lower().startswith(bare.lower()):
        return None
    end = max(0, edge.start - 80) + len(before)
    return Span(end - len(word), end)
