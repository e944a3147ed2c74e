r"""Line breaks and tabs spelt out: ``\n``, ``\r\n``, ``\t``; not inside paths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.scan.hit import Hit

_BREAKS = re.compile(r"(?:\\r\\n|\\n|\\t)+")
_PATH = re.compile(r"(?:\b[A-Za-z]:|\\\\|%)\S*\Z")
_LONGEST_PATH = 200


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One hit for each run of breaks, with the line end that the document itself uses."""
    text, end = document.text, 0
    line_end = "\r\n" if "\r\n" in text else "\n"
    for span in candidates:
        found = _BREAKS.search(text, max(span.start, end))
        if not found or found.start() >= span.end:
            continue
        end = found.end()
        if _PATH.search(text[max(0, found.start() - _LONGEST_PATH) : found.start()]):
            continue
        meant = found[0].replace("\\r", "").replace("\\n", line_end).replace("\\t", "\t")
        yield Hit(Span(*found.span()), edits=(Edit(*found.span(), meant),))
