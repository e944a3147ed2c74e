"""Character references of HTML, decoded as often as they were encoded."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.scan.hit import Hit

# What the reference stands for in plain text: a no-break space is a blank, a soft hyphen nothing at all.
_PLAIN = str.maketrans({"\xa0": " ", "\xad": None, "\u200b": None})


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One hit for each reference that HTML knows; ``AT&T;`` is none. In a page's source they are at home."""
    if document.is_markup:
        return
    end = 0
    for span in sorted(candidates, key=lambda span: (span.start, -span.end)):  # "&quot;" before "&quot"
        text = document.slice(span)
        meant = _decoded(text if text.endswith(";") else text + ";")
        if span.start < end or meant.rstrip(";") == text.rstrip(";") or "\ufffd" in meant:
            continue
        end = span.end
        meant = meant.translate(_PLAIN)
        if params.get("only_letters_and_signs") and not _is_letter_or_sign(meant):
            continue
        makes_markup = meant in "<>" and meant != ""
        edits = () if makes_markup else (Edit(*span, meant),)
        yield Hit(span, {"meant": meant}, edits=edits, candidates=(meant,) if makes_markup else ())


def _is_letter_or_sign(text: str) -> bool:
    """Not what markup itself is made of, nor the punctuation and blanks that word processors encode."""
    return text != "" and not any(char.isspace() or char in "<>&\"'©®™•…–—‘’“”\u200c\u200e" for char in text)


def _decoded(text: str) -> str:
    """Decode until nothing changes, up to the depth that real pages reach."""
    for _ in range(4):
        decoded = html.unescape(text)
        if decoded == text:
            break
        text = decoded
    return text
