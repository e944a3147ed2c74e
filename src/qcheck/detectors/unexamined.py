"""Words whose shape alone shows a misreading, in texts too sound to be examined word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_BEFORE, _AFTER = ' “"(', ' .,;:!?)”"'


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield the candidates that no examination covers: where there is one it has judged them with the words around.

    Args:
        document: The document.
        candidates: Words with at most one blank or mark on either side, which is not reported.
        params: None.
    """
    for span in candidates:
        if not document.recognition.covers(span.start):
            text = document.slice(span)
            start = span.start + len(text) - len(text.lstrip(_BEFORE))
            yield Hit(Span(start, span.end - len(text) + len(text.rstrip(_AFTER))))
