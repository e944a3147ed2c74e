"""Brackets and quotes without their other half: the traps, and that nothing else than a half is called one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcheck import Checker

PLAIN = "Nobody was told.\n\n"


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(select=["TYP303", "TYP304"])


def halves(checker: Checker, text: str) -> list[str]:
    return [f.text for f in checker.check(text).findings]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The ferry (laid up since March sails again.", ["("]),
        ("The ferry, laid up since March), sails again.", [")"]),
        ("The ferry (laid up since March (so we hear) sails again.", ["("]),
        ("He asked, “Who pays for it? Nobody knew.", ["“"]),
        ("The ferry sails on Monday,” she said.", ["”"]),
        ("They call it “the pier“ here, and “the wall” there.", ["“"]),
    ],
)
def test_halves(checker: Checker, text: str, found: list[str]) -> None:
    assert halves(checker, PLAIN + text) == found


@pytest.mark.parametrize(
    "text",
    [
        "You need a) ropes, b) oars; 3) a boat, iv) luck.",
        "The ferry (either a) the old or b) the new) sails.",
        "See lines 10 (and 20) and 7-6 (6).",
        "Luck :) and more ;-) and (: all the rest :( of it.",
        "A pipe of 5” and a board of 12 ” and of 3½”.",
        "“The ferry sails.\n\n“It sails on Monday,” she said.",
        '“The ferry sails", she said.',
        "(The ferry sails.\n\nIt sails on Monday.)",
        "The ferry (which had been\nlaid up) sails.",
        "The ferry (which had been laid up since",
        "f(x] and [0, 1) are intervals.",
    ],
)
def test_what_is_no_half(checker: Checker, text: str) -> None:
    assert halves(checker, PLAIN + text) == []


def test_a_text_full_of_halves_is_written_so(checker: Checker) -> None:
    assert halves(checker, PLAIN + "The ferry (laid up sails again.\n" * 30) == []


@given(st.text(alphabet="ab (),.“”\n", max_size=80))
def test_balanced_text_is_silent(text: str) -> None:
    inner = text.translate(str.maketrans("()“”", "    "))

    # The smiley and the inches make the counts differ, which would settle the matter before any half is looked at.
    uneven = f"{PLAIN}Luck :) and 5” of A ({inner}) “{inner}” b."
    assert halves(Checker(select=["TYP303", "TYP304"]), uneven) == []
