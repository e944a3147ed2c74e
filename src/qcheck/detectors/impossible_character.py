"""Code points that no text may hold: halves of surrogate pairs, and noncharacters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.scan.hit import Hit

# RE2 takes the bytes of a surrogate for no character at all, so candidates cannot find them; to look for two byte
# values costs nothing on text without them.
_FIRST_BYTES = (b"\xed", b"\xef")
_IMPOSSIBLE = re.compile("[\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]+")
_ESCAPED_BYTES = re.compile("[\udc80-\udcff]+")


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One hit for each run of them, with what it was meant to be where that can be told."""
    for match in _IMPOSSIBLE.finditer(document.text):
        span = Span(*match.span())
        yield Hit(span, {"points": ascii(match[0])[1:-1]}, edits=(Edit(*span, _meant(match[0])),))


def is_quiet(document: Document) -> bool:
    """Whether the text holds neither of the bytes they begin with."""
    data = document.data
    return data.isascii() or not any(first in data for first in _FIRST_BYTES)


def _meant(run: str) -> str:
    """Bytes that Python smuggled through as surrogates, pairs that were never joined, or nothing."""
    if _ESCAPED_BYTES.fullmatch(run):
        data = run.encode("utf-8", "surrogateescape")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", "ignore")
    joined = run.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return _IMPOSSIBLE.sub("", joined)
