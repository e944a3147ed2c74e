"""Lone surrogates, which rule files cannot hold: found, mended, and no harm to any other rule."""

from __future__ import annotations

import pytest

import qcheck


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("half \ud83d of a smile", "half  of a smile"),
        ("a smile \ud83d\ude00 in two", "a smile 😀 in two"),
        ("the caf\udcc3\udca9 and the caf\udce9", "the café and the café"),
    ],
)
def test_surrogates_are_found_and_mended(broken: str, mended: str) -> None:
    report = qcheck.Checker(select=["impossible-character"]).check(broken)
    assert report.findings
    assert all("\ud800" <= char <= "\udfff" for finding in report.findings for char in finding.text)
    assert report.fixed() == mended


def test_other_rules_keep_their_places_beside_surrogates() -> None:
    report = qcheck.check("é \ud800 and \x07 it ended,, they said")
    assert [(f.rule.name, f.start, f.end) for f in report.findings] == [
        ("impossible-character", 2, 3),
        ("control-character", 8, 9),
        ("doubled-punctuation", 18, 20),
    ]
