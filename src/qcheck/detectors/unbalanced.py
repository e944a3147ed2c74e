"""Brackets and curly quotes that are opened and never closed, or closed and never opened.

Only what is sure: list markers, smileys and inches are no brackets or quotes, the other half may stand some paragraphs
away, and a text in which halves are common is written so.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

# The other half may stand so many characters away: remarks and quotations can run over some paragraphs.
_REACH = 3000
# More halves than one in so many characters is how the text is written: lists "a)", code, drawings.
_CHARACTERS_EACH = 3000
_CONTEXT = 12
_LIST_MARKER = re.compile(r"(?:^|[\s,;/])(?:\d{1,3}[a-z]?|[^\W\d_]|[ivxIVX]{1,5})[.:]?$")
_SMILEY_BEFORE = re.compile(r"(?:^|\W)[:;=]['^-]?$")
_SMILEY_AFTER = re.compile(r"['^-]?[:;=](?:\s|$)")
_INCHES_BEFORE = re.compile(r"[\d½¼¾⅛′'’]\s?$")
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'’)\]]*\s*$")


class _Marks(NamedTuple):
    opening: str
    closing: str
    is_quote: bool


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Marks without their other half.

    Args:
        document: The document.
        candidates: None; as many marks of the one kind as of the other settle nearly every text.
        params: The ``opening`` and the ``closing`` mark; ``quote`` if every paragraph of a quotation may open it anew.
    """
    text = document.text
    marks = _Marks(str(params["opening"]), str(params["closing"]), params["quote"] is True)
    if text.count(marks.opening) == text.count(marks.closing):
        return
    most = 1 + len(text) // _CHARACTERS_EACH
    halves = list(islice(_halves(text, marks), most + 1))
    if len(halves) <= most:
        for at in halves:
            yield Hit(Span(at, at + 1), {"done": "opened" if text[at] == marks.opening else "closed"})


def _halves(text: str, marks: _Marks) -> Iterator[int]:
    """Places of marks without their other half, where that is sure."""
    waiting: deque[int] = deque()
    spare = 0  # list markers that may have closed a bracket
    for at, before, opens in _places(text, marks):
        while waiting and at - waiting[0] > _REACH:
            yield from _sure_opening(text, waiting.popleft(), marks)
        is_marker = not marks.is_quote and _LIST_MARKER.search(before) is not None
        if opens:
            if marks.is_quote and waiting and _opens_line(before):
                waiting.pop()
            waiting.append(at)
        elif waiting:
            waiting.pop()
            spare += is_marker
        elif spare and not is_marker:
            spare -= 1
        elif not is_marker:
            yield from _sure_closing(text, at)
    for at in waiting:
        yield from _sure_opening(text, at, marks)


def _places(text: str, marks: _Marks) -> Iterator[tuple[int, str, bool]]:
    """Where marks stand, with a little of the text before them, and whether they open."""
    for found in re.finditer(f"[{re.escape(marks.opening + marks.closing)}]", text):
        at, opens = found.start(), found[0] == marks.opening
        before, after = text[max(0, at - _CONTEXT) : at], text[at + 1 : at + 1 + _CONTEXT]
        if not _is_no_mark(before, after, marks, opens=opens):
            yield at, before, opens


def _is_no_mark(before: str, after: str, marks: _Marks, *, opens: bool) -> bool:
    if marks.is_quote:
        return not opens and _INCHES_BEFORE.search(before) is not None
    smiley = _SMILEY_BEFORE.search(before) or (opens and _SMILEY_AFTER.match(after))
    return bool(smiley)


def _opens_line(before: str) -> bool:
    return not before.rpartition("\n")[2].strip()


def _sure_opening(text: str, at: int, marks: _Marks) -> Iterator[int]:
    """An opening mark before a word, in a paragraph that ends like one and has no other mark that may close it."""
    end = text.find("\n\n", at, at + _REACH)
    paragraph = text[at + 1 : end if end >= 0 else at + _REACH]
    line = paragraph.partition("\n")[0]
    whole = line if _ENDS_SENTENCE.search(line) else paragraph
    starts_word = (at == 0 or not text[at - 1].isalnum()) and whole[:1].isalnum()
    closed_otherwise = '"' in whole or "''" in whole if marks.is_quote else "]" in whole or "}" in whole
    if starts_word and " " in whole and not closed_otherwise and _ENDS_SENTENCE.search(whole):
        yield at


def _sure_closing(text: str, at: int) -> Iterator[int]:
    """A closing mark behind a word or a stop, with text before it in which it should have been opened."""
    start = text.rfind("\n", max(0, at - _REACH), at) + 1
    line = text[start:at]
    if start and line[-1:].strip() and not text[at + 1 : at + 2].isalnum() and " " in line and '"' not in line:
        yield at
