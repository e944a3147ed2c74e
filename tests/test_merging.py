"""One remark for one mark."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcheck.checker import Checker
from rulekit import make_rule


def found(tmp_path: Path, text: str, *rules: dict[str, str]) -> list[tuple[str, int, int]]:
    made = [
        make_rule(tmp_path, rule.pop("match"), code=f"TYP{900 + n}", name=f"probe{n}", **rule)
        for n, rule in enumerate(rules)
    ]
    return [(f.rule.code, f.start, f.end) for f in Checker.of_rules(made).check(text).findings]


@pytest.mark.parametrize("graver", [0, 1])
def test_the_gravest_of_two_rules_of_a_family_speaks_at_one_span(tmp_path: Path, graver: int) -> None:
    rules = [{"match": "pattern = 'Bad'", "severity": "error" if n == graver else "info"} for n in range(2)]

    assert found(tmp_path, "A Bad day", *rules) == [(f"TYP{900 + graver}", 2, 5)]


def test_a_rule_speaks_once_of_what_lies_inside_its_own_finding(tmp_path: Path) -> None:
    assert found(tmp_path, "A Bad Bad day", {"match": "patterns = ['Bad Bad', 'Bad']"}) == [("TYP900", 2, 9)]


def test_narrow_and_wide_findings_of_two_rules_both_stay(tmp_path: Path) -> None:
    both = found(tmp_path, "A Bad day", {"match": "pattern = 'Bad'"}, {"match": "pattern = 'Bad day'"})

    assert both == [("TYP900", 2, 5), ("TYP901", 2, 9)]
