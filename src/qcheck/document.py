"""A text and its index: bytes, lines, sentences, positions. Computed on demand, once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from qcheck import language, zones
from qcheck.segment import split_sentences

# Cut texts every so many bytes: choosing rules on one uncut 3 MB text ran at 16 MB/s, on cuts of 4 KB at 104,
# since a rule that fires somewhere is confirmed only where it fired.
WINDOW = 4096
_BLANK_LINE = re.compile(rb"\n[ \t\r]*\n")


class Span(NamedTuple):
    """A half-open range; of code points unless it says bytes."""

    start: int
    end: int


class Document:
    """One text with an id.

    Args:
        text: The text, any ``str``; offsets are code points of exactly this text.
        id: What reports call it.
    """

    def __init__(self, text: str, id: str | None = None) -> None:
        self.text: str = text
        self.id = id

    def __repr__(self) -> str:
        return f"Document({self.text[:40]!r}, id={self.id!r})"

    def __reduce__(self) -> tuple[type[Document], tuple[str, str | None]]:
        return Document, (self.text, self.id)  # the index is cheaper to build again than to send

    @cached_property
    def data(self) -> bytes:
        """The text in UTF-8; lone surrogates as the three bytes they would have."""
        return self.text.encode("utf-8", "surrogatepass")

    def chars_at(self, byte_offsets: list[int]) -> dict[int, int]:
        """Map byte offsets, sorted ascending, to code point offsets in one forward pass."""
        data = self.data
        if len(data) == len(self.text):
            return {b: b for b in byte_offsets}
        chars: dict[int, int] = {}
        at_byte = at_char = 0
        for b in byte_offsets:
            at_char += len(data[at_byte:b].decode("utf-8", "surrogatepass"))
            at_byte = b
            chars[b] = at_char
        return chars

    def byte_offset(self, char: int) -> int:
        """Offset in UTF-8 bytes of a code point offset."""
        if len(self.data) == len(self.text):
            return char
        return len(self.text[:char].encode("utf-8", "surrogatepass"))

    @cached_property
    def windows(self) -> list[Span]:
        """Byte spans that end at line ends, each of ``WINDOW`` bytes or a little more."""
        find = self.data.find
        return self._cut(lambda at: find(b"\n", at) + 1)

    @cached_property
    def blocks(self) -> list[Span]:
        """Byte spans that end at blank lines, each of ``WINDOW`` bytes or more: what spans lines stays whole."""
        data = self.data
        return self._cut(lambda at: m.end() if (m := _BLANK_LINE.search(data, at)) else 0)

    def _cut(self, next_break: Callable[[int], int]) -> list[Span]:
        spans, start, size = [], 0, len(self.data)
        while size - start > WINDOW and 0 < (end := next_break(start + WINDOW)) < size:
            spans.append(Span(start, end))
            start = end
        spans.append(Span(start, size))
        return spans

    @cached_property
    def lines(self) -> list[Span]:
        """Every line without its line end (LF or CRLF), empty ones too."""
        spans, start, text = [], 0, self.text
        for line in text.split("\n"):
            end = start + len(line)
            spans.append(Span(start, end - 1 if line.endswith("\r") else end))
            start = end + 1
        return spans

    @cached_property
    def _line_starts(self) -> list[int]:
        return [start for start, _ in self.lines]

    def line_number(self, offset: int) -> int:
        """Index in ``lines`` of the line that holds a code point offset."""
        return max(0, bisect_right(self._line_starts, offset) - 1)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a code point offset, both 1-based."""
        line = self.line_number(offset)
        return line + 1, offset - self._line_starts[line] + 1

    def slice(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]

    @cached_property
    def sentences(self) -> list[Span]:
        """Sentences without the blanks around them; a single line break inside a sentence does not end it."""
        return [Span(*span) for span in split_sentences(self.text)]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def sentence_number(self, offset: int) -> int:
        """Index in ``sentences`` of the sentence that holds an offset, or the last one before it (-1: none)."""
        return bisect_right(self._sentence_starts, offset) - 1

    @cached_property
    def words(self) -> int:
        """Number of words: runs of characters between blanks, as corpus tools count them."""
        return len(self.text.split())

    @cached_property
    def language(self) -> str:
        """ISO 639-1 code of the main language, ``und`` where the text does not tell."""
        return language.detect(self.text)

    @cached_property
    def is_markup(self) -> bool:
        """Whether the text is the source of a page: Markdown, reStructuredText, wiki text or HTML."""
        return zones.is_markup(self.text)

    @cached_property
    def _code(self) -> tuple[list[tuple[int, int]], list[int]]:
        spans = zones.code_spans(self.text)
        return spans, [start for start, _ in spans]

    def in_code(self, offset: int) -> bool:
        """Whether the offset stands in code or markup rather than in prose."""
        return zones.covers(*self._code, offset)
