from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcheck.segment import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Mr. Hale met Dr. J. R. Ames at 5 p.m. on Monday.", id="titles, initials, hours"),
        pytest.param("Growth was 4.5 percent, see fig. 3 and pp. 4 to 6.", id="numbers and references"),
        pytest.param("The U.S. envoy, i.e. the guest, left.", id="letters with stops"),
        pytest.param("She wrote it in main.py, as ever.", id="no blank after the stop"),
        pytest.param("The letter was long and\nwent on below.", id="a hard-wrapped line"),
        pytest.param("The letter was long and\r\nwent on below.", id="a hard-wrapped line, CRLF"),
    ],
)
def test_one_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. We left.", ["It rained.", "We left."]),
        ("“It rained.” We left!", ["“It rained.”", "We left!"]),
        ("He lives in the U.S. The house is old.", ["He lives in the U.S.", "The house is old."]),
        ("Wait... what? Yes!!", ["Wait...", "what?", "Yes!!"]),
        ("A title\nA text.", ["A title", "A text."]),
        ("First part:\nitem one", ["First part:", "item one"]),
        ("one\n\ntwo", ["one", "two"]),
        ("one\r\n\r\ntwo", ["one", "two"]),
        ("雨。风！", ["雨。", "风！"]),
        ("  \n ", []),
        ("", []),
        ("..", [".."]),
    ],
)
def test_several_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(st.sampled_from('abA.!?…"”) \n\r\u2028\ud800。é')))
def test_sentences_are_sorted_disjoint_stripped_and_leave_only_blanks_out(text: str) -> None:
    spans = list(split_sentences(text))

    at = 0
    for start, end in spans:
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert text[at:].strip() == ""


@pytest.mark.parametrize("piece", [".", '!"', "a.b", "Mr.", "\n", "a\n", "…”", "。", "?!"])
def test_hostile_runs_take_linear_time(piece: str) -> None:
    text = (piece * 200_000)[:200_000] + "x"
    started = time.process_time()

    list(split_sentences(text))

    assert time.process_time() - started < 3  # quadratic: ten minutes
