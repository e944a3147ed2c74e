from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcheck import Document
from qcheck.zones import code_spans

FENCED = "Text.\n```\nfirst line\n{inside}\n```\nAfter it."


def in_code(text: str, word: str) -> bool:
    return Document(text).in_code(text.index(word))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("See\n```\nsome words here\n```\n", "words", id="fence"),
        pytest.param("See\n~~~~ python\nsome words here\n```\nmore\n~~~~\n", "more", id="fence of tildes"),
        pytest.param("See\n````\na\n```\nmore\n```\n````\nText.", "more", id="a longer fence holds a shorter one"),
        pytest.param("Call `run it now` first.", "it", id="inline literal"),
        pytest.param("Call ``run it now`` first.", "it", id="reST literal"),
        pytest.param("Read https://example.org/a,,b now.", ",,", id="URL"),
        pytest.param("Read [this](http://example.org/a..b) now.", "..", id="link target"),
        pytest.param("Like this::\n\n    plain words\n\nText.", "plain", id="reST block"),
        pytest.param("Text.\n\n    x = call(1)\n    plain words\n\nText.", "plain", id="indented block with code"),
        pytest.param("Text.\nfor item in things(all):\nText.", "item", id="a line of code"),
        pytest.param("Text.\ndef work(a, b):\nText.", "work", id="a definition"),
        pytest.param("Text.\n>>> one, two\nText.", "two", id="a prompt"),
    ],
)
def test_code(text: str, word: str, line_end: str) -> None:
    assert in_code(text.replace("\n", line_end), word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("If it rains (again), we stay: so be it.", "rains", id="prose with a bracket and a colon"),
        pytest.param("Text.\n\n    An indented quotation, and no code.\n\nText.", "quotation", id="indented prose"),
        pytest.param(FENCED.format(inside="x"), "After", id="after a fence"),
        pytest.param("An accent grave ` alone in a line.", "alone", id="lone backtick"),
        pytest.param("We class the work as good: yes.", "work", id="class as a verb"),
        pytest.param("class action suits were filed: see below.", "suits", id="class as a noun"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_prose(text: str, word: str) -> None:
    assert not in_code(text, word)


def test_a_block_stays_code_after_many_inline_literals() -> None:
    text = FENCED.format(inside=" ".join(f"`{n}`" for n in range(9)) + " tail")

    assert in_code(text, "tail")
    assert not in_code(text, "After")


@given(st.lists(st.sampled_from(["```\n", "`a`", "text\n", "    x = f(1)\n", "www.a.b ", "\r\n", "::\n", "é😀 "])))
def test_spans_are_sorted_and_disjoint_and_inside_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    spans = code_spans(text)

    bounds = [bound for span in spans for bound in span]
    assert bounds == sorted(bounds)
    assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize(
    "head_and_piece",
    [
        ("def a", "a"), ("if ", "("), ("if ", "(a"), ("import ", "a."), ("return ", "a)"), ("", "`a"), ("", "](a"),
        ("", "<http://"), ("", "    x\n"), ("", ")  "), ("@a", "."), ("var ", "a;"), ("a", "=b"),
    ],
)  # fmt: skip
def test_hostile_lines_take_linear_time(head_and_piece: tuple[str, str]) -> None:
    head, piece = head_and_piece
    text = head + (piece * 100_000)[:100_000] + " x"
    started = time.process_time()

    code_spans(text)

    assert time.process_time() - started < 3  # quadratic: a minute and more
