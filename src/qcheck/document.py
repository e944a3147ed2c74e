"""A text and its index: bytes, lines, sentences, positions. Computed on demand, once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from functools import cached_property, partial
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from qcheck import language, zones
from qcheck.alphabet import is_narrow
from qcheck.segment import split_sentences

if TYPE_CHECKING:
    from qcheck.recognition.page import Examination

# Cut texts every so many bytes: choosing rules on one uncut 3 MB text ran at 16 MB/s, on cuts of 4 KB at 104, since a
# rule that fires somewhere is confirmed only where it fired. With 135 rules, 8 KB was a seventh faster than 4 or 16.
WINDOW = 8192
# The end of a line and, in the group, that of the blank line behind it. It begins with a line feed, since `re` finds
# that ten times as fast as a place behind one.
_BLANK_LINE = re.compile(rb"\n(?=[ \t\r]*(\n))")


class Span(NamedTuple):
    """A half-open range; of code points unless it says bytes."""

    start: int
    end: int


# Twice as fast as Span(...) for each of thousands of lines.
_SPAN = partial(tuple.__new__, Span)


class Document:
    """One text with an id.

    Args:
        text: The text, any ``str``; offsets are code points of exactly this text.
        id: What reports call it.
    """

    def __init__(self, text: str, id: str | None = None) -> None:
        if not isinstance(text, str):
            raise TypeError(f"the text of a document must be a str, not {type(text).__name__}; decode bytes first")
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

    @cached_property
    def is_narrow(self) -> bool:
        """Whether it is written in the narrow alphabet (``alphabet.py``), for which patterns are smaller programs."""
        return is_narrow(self.data)

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

    def bytes_at(self, offsets: list[int]) -> dict[int, int]:
        """Map code point offsets, sorted ascending, to byte offsets in one forward pass."""
        text = self.text
        if len(self.data) == len(text):
            return {char: char for char in offsets}
        in_bytes: dict[int, int] = {}
        at_byte = at_char = 0
        for char in offsets:
            at_byte += len(text[at_char:char].encode("utf-8", "surrogatepass"))
            at_char = char
            in_bytes[char] = at_byte
        return in_bytes

    @cached_property
    def windows(self) -> list[Span]:
        """Byte spans that end at line ends, each of ``WINDOW`` bytes or a little more."""
        find = self.data.find
        return self._cut(lambda at: find(b"\n", at) + 1)

    @cached_property
    def blocks(self) -> list[Span]:
        """Byte spans of whole paragraphs, each of ``WINDOW`` bytes or more."""
        data = self.data
        return self._cut(lambda at: m.end(1) if (m := _BLANK_LINE.search(data, at - 1)) else 0)

    def paragraphs(self, window: Span) -> list[Span]:
        """Byte spans of the paragraphs of a block, each with the blank line that ends it."""
        before = max(0, window.start - 1)
        ends = [m.end(1) for m in _BLANK_LINE.finditer(self.data, before, window.end)]
        bounds = [window.start, *ends] if ends and ends[-1] == window.end else [window.start, *ends, window.end]
        return [Span(*pair) for pair in pairwise(bounds)]

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
        lines = self.text.split("\n")
        starts = [0, *accumulate([len(line) + 1 for line in lines])]
        ends = [start - 1 for start in starts[1:]]
        if "\r" in self.text:
            ends[:-1] = [end - line.endswith("\r") for end, line in zip(ends[:-1], lines, strict=False)]
        return [*map(_SPAN, zip(starts, ends, strict=False))]

    @cached_property
    def stripped_lines(self) -> list[str]:
        """The text of every line without the blanks around it, empty ones too."""
        return [line.strip() for line in self.text.split("\n")]

    @cached_property
    def doubled_lines(self) -> frozenset[str]:
        """The stripped lines, but for empty ones, that stand more than once."""
        lines = self.stripped_lines
        empty = lines.count("")
        if len(set(lines)) == len(lines) - max(0, empty - 1):
            return frozenset()  # nearly every text: Counter takes five times as long to say so
        return frozenset(line for line, count in Counter(lines).items() if count > 1 and line)

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

    def lines_out(self, first: int, last: int) -> Span:
        """What to delete so that the lines from ``first`` to ``last`` (indices) go.

        Blank lines after them go too where blank lines would meet, and before them where the text would end in blank
        lines; the text's last line break stays as it was: there or not.
        """
        lines, filled = self.lines, self._filled_lines
        above, below = bisect_left(filled, first) - 1, bisect_right(filled, last)
        previous = filled[above] if above >= 0 else -1
        after = last + 1
        if first == 0 or previous < first - 1:
            after = filled[below] if below < len(filled) else len(lines)
        if after < len(lines):
            return Span(lines[first].start, lines[after].start)
        if previous < 0:
            return Span(0, len(self.text))
        return Span(lines[previous].end, lines[-2].end if self.text.endswith("\n") else len(self.text))

    @cached_property
    def _filled_lines(self) -> list[int]:
        return [number for number, line in enumerate(self.stripped_lines) if line]

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
    def recognition(self) -> Examination:
        """What reading the text as a scan comes to; costs next to nothing where no sign says that it is one."""
        # Here and not above: its tables and modules are for texts that need them.
        from qcheck.recognition.page import examine

        return examine(self)

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
