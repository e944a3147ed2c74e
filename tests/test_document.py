from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qcheck import Document
from qcheck.document import WINDOW, Span

# What breaks offsets: several bytes a character, lone surrogates, marks that combine, every kind of line end.
TRICKY = st.text(st.sampled_from("ab .é😀\u0301\ud800\udfff\r\n\n\u2028\x85\x00\t中") | st.characters(), max_size=60)


@given(TRICKY)
@example("\r\n😀\ud800x")
def test_bytes_and_code_points_convert_both_ways(text: str) -> None:
    document = Document(text)
    offsets = list(range(len(text) + 1))

    in_bytes = document.bytes_at(offsets)

    assert in_bytes == {i: len(text[:i].encode("utf-8", "surrogatepass")) for i in offsets}
    assert document.chars_at(sorted(in_bytes.values())) == {b: i for i, b in in_bytes.items()}


@given(TRICKY)
@example("a\r\n\r\nb\r")
def test_lines_are_the_text_between_line_feeds_without_a_carriage_return(text: str) -> None:
    document = Document(text)

    lines = [document.slice(span) for span in document.lines]

    *ended, last = text.split("\n")
    assert lines == [*(line.removesuffix("\r") for line in ended), last]


@given(TRICKY)
def test_position_counts_lines_and_columns_from_one(text: str) -> None:
    document = Document(text)
    for offset in range(len(text) + 1):
        line, column = document.position(offset)
        assert line == text.count("\n", 0, offset) + 1
        assert column == offset - (text.rfind("\n", 0, offset) + 1) + 1


LONG = st.lists(
    st.sampled_from(["word " * 300, "x" * 5000, "\n", "\n\n", "\r\n \r\n", "é" * 900, "\n\n\n"]), max_size=14
)


@given(LONG)
def test_windows_and_blocks_tile_the_bytes_and_end_where_they_may(pieces: list[str]) -> None:
    document = Document("".join(pieces))
    data = document.data
    for spans, may_end in ((document.windows, rb"\n\Z"), (document.blocks, rb"\n[ \t\r]*\n\Z")):
        assert b"".join(data[s:e] for s, e in spans) == data
        for start, end in spans[:-1]:
            assert end - start > WINDOW
            assert re.search(may_end, data[:end])


@given(LONG)
def test_paragraphs_are_the_same_however_the_text_is_cut_into_blocks(pieces: list[str]) -> None:
    document = Document("".join(pieces))

    cut = [paragraph for block in document.blocks for paragraph in document.paragraphs(block)]

    assert cut == document.paragraphs(Span(0, len(document.data)))


def test_paragraphs_keep_the_blank_line_that_ends_them() -> None:
    document = Document("one\ntwo\n \nthree\n\n\nfour")

    paragraphs = [document.data[s:e] for s, e in document.paragraphs(Span(0, len(document.data)))]

    assert paragraphs == [b"one\ntwo\n \n", b"three\n\n", b"\n", b"four"]


@pytest.mark.parametrize(
    ("text", "first", "last", "left"),
    [
        pytest.param("a\nB\nc", 1, 1, "a\nc", id="between lines"),
        pytest.param("a\n\nB\n\nc", 2, 2, "a\n\nc", id="a paragraph: one blank line stays"),
        pytest.param("a\n\nB\n\n\n\nc", 2, 2, "a\n\nc", id="all blank lines after it go"),
        pytest.param("a\n\nB\nc", 2, 2, "a\n\nc", id="first line of a paragraph"),
        pytest.param("a\nB\n\nc", 1, 1, "a\n\nc", id="last line of a paragraph"),
        pytest.param("B\n\nc", 0, 0, "c", id="the first line"),
        pytest.param("a\n\nB", 2, 2, "a", id="the last line, no line end before or after"),
        pytest.param("a\n\nB\n", 2, 2, "a\n", id="the last line, its line end stays"),
        pytest.param("a\n\nB\n\n\n", 2, 2, "a\n", id="the last line with blank lines after"),
        pytest.param("a\nB\n", 1, 1, "a\n", id="the last line of a paragraph at the end"),
        pytest.param("a\r\n\r\nB\r\n\r\nc\r\n", 2, 2, "a\r\n\r\nc\r\n", id="CRLF"),
        pytest.param("a\r\n\r\nB\r\n", 2, 2, "a\r\n", id="CRLF at the end"),
        pytest.param("B\n", 0, 0, "", id="the only line"),
        pytest.param("B", 0, 0, "", id="the only line without line end"),
        pytest.param("\n\nB", 2, 2, "", id="nothing but blank lines before"),
        pytest.param("", 0, 0, "", id="an empty text"),
        pytest.param("a\nB\nC\n\nd", 1, 2, "a\n\nd", id="two lines"),
        pytest.param("a\n \nB\n\t\nc", 2, 2, "a\n \nc", id="blank lines that hold blanks"),
    ],
)
def test_lines_out(text: str, first: int, last: int, left: str) -> None:
    start, end = Document(text).lines_out(first, last)

    assert text[:start] + text[end:] == left


@given(st.text(st.sampled_from("ab\n\n \r"), max_size=30), st.data())
def test_lines_out_takes_its_lines_and_only_blank_ones_beside(text: str, data: st.DataObject) -> None:
    document = Document(text)
    first = data.draw(st.integers(0, len(document.lines) - 1))
    last = data.draw(st.integers(first, len(document.lines) - 1))

    start, end = document.lines_out(first, last)

    kept = [document.slice(s).strip() for n, s in enumerate(document.lines) if not first <= n <= last]
    left = (text[:start] + text[end:]).split("\n")
    assert [line.strip() for line in left if line.strip()] == [line for line in kept if line]


def test_a_document_is_pickled_as_its_text_and_id() -> None:
    document = Document("One.\n\nTwo \ud800.", "a")
    assert document.sentences

    again = pickle.loads(pickle.dumps(document))

    assert (again.text, again.id, again.sentences) == (document.text, "a", document.sentences)
    assert "sentences" not in pickle.loads(pickle.dumps(document)).__dict__


def test_a_document_refuses_what_is_no_str() -> None:
    with pytest.raises(TypeError, match="must be a str, not bytes"):
        Document(b"bytes")  # type: ignore[arg-type]


def test_repr_shows_the_beginning_and_the_id() -> None:
    assert repr(Document("x" * 100, "a.txt")) == f"Document({'x' * 40!r}, id='a.txt')"


def test_words_sentences_and_the_sentence_of_an_offset() -> None:
    document = Document("  One two. Three!\n")

    assert document.words == 3
    assert [document.slice(s) for s in document.sentences] == ["One two.", "Three!"]
    assert [document.sentence_number(offset) for offset in (0, 2, 10, 11)] == [-1, 0, 0, 1]
