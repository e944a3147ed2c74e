"""Every rule that ships, proved on its own examples beside all others."""

from __future__ import annotations

import pytest

from qcheck import Checker, Rule
from qcheck.rules import default_rules
from qcheck.rules.proving import prove


@pytest.fixture(scope="module")
def together() -> Checker:
    return Checker.of_rules(default_rules())


@pytest.mark.parametrize("rule", default_rules(), ids=lambda rule: f"{rule.code}-{rule.name}")
def test_rule(rule: Rule, together: Checker) -> None:
    assert prove(rule, default_rules(), together) == []


@pytest.mark.parametrize("rule", default_rules(), ids=lambda rule: rule.code)
def test_texts_for_people_are_finished(rule: Rule) -> None:
    assert rule.summary == rule.summary.strip() != ""
    assert not rule.summary.endswith(".")
    assert rule.message.strip()
    assert rule.docs.why.strip()
    assert rule.docs.false_positives.strip()
