r"""Characters spelt out by programs: ``\u2019``, ``\xe2\x80\x99``, ``<U+2019>``, ``%E2%80%99``, ``=E2=80=99``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.scan.hit import Hit

_POINT = re.compile(r"\\+u\{?([0-9a-fA-F]{2,6})\}?|\\+U([0-9a-fA-F]{8})|<(?:0x|U\+)([0-9a-fA-F]{2,6})>")
_BYTES = re.compile(r"(?:(?:\\+x|%|=)[0-9a-fA-F]{2})+|(?:<[0-9a-fA-F]{2}>)+")
_BYTE = re.compile(r"[0-9a-fA-F]{2}")


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One hit for each sequence that decodes to printable text; letters beside it that the pattern needs stay out."""
    end = 0
    for candidate in candidates:
        span = _sequence(document, candidate)
        meant = _decoded(document.slice(span)) if span and span.start >= end else None
        if span and meant is not None:
            end = span.end
            yield Hit(span, {"meant": meant}, edits=(Edit(*span, meant),))


def _sequence(document: Document, candidate: Span) -> Span | None:
    """The escapes inside a candidate."""
    found = [m.span() for p in (_POINT, _BYTES) for m in p.finditer(document.text, *candidate)]
    return Span(min(found)[0], max(end for _, end in found)) if found else None


def _decoded(text: str) -> str | None:
    if _BYTES.fullmatch(text):
        data = bytes(int(pair, 16) for pair in _BYTE.findall(text))
        meant: str | None = _utf8(data) or data.decode("cp1252", "ignore")
    else:
        units = [int(next(filter(None, match.groups())), 16) for match in _POINT.finditer(text)]
        meant = _from_units(units)
    return meant if meant and (meant.isprintable() or meant == "\xa0") else None


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _from_units(units: list[int]) -> str | None:
    """Code points, or UTF-16 units in pairs, as text; ``None`` for what is neither."""
    if any(unit > 0x10FFFF for unit in units):
        return None
    text = "".join(map(chr, units))
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None
