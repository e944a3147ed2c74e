"""What gates look for: never more than the pattern needs, and nothing that stays alive along prose."""

from __future__ import annotations

from typing import Any

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

import qcheck
from qcheck.rules import default_rules
from qcheck.scan import choosing
from qcheck.scan.factors import ENOUGH, Factor, factor
from qcheck.scan.patterns import matcher_for
from qcheck.syntax import may_cross_lines, without_breaks

_ATOMS = st.sampled_from(
    [
        "a",
        "th",
        "e",
        "ing",
        " ",
        ".",
        ",",
        "|",
        r"\.",
        "[a-z]",
        r"\p{Lu}",
        r"[^\n.]",
        "[.,]",
        r"\b",
        "^",
        "$",
        "(?i:Q)",
        r"\s",
        r"\n",
        "[05]",
        "Th",
    ]
)
_QUANTIFIERS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "+?", "{0,4}"])


def _joined(parts: list[str]) -> str:
    return "".join(parts)


def _pattern(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    grouped = st.tuples(st.sampled_from(["(?:", "(?P<g>", "((?i)"]), st.lists(inner, min_size=1, max_size=3)).map(
        lambda made: f"{made[0]}{'|'.join(made[1])})"
    )
    member = st.tuples(st.one_of(_ATOMS.filter(lambda a: a not in ("^", "$", r"\b")), grouped), _QUANTIFIERS).map(
        _joined
    )
    return st.lists(st.one_of(member, _ATOMS), min_size=1, max_size=5).map(_joined)


PATTERNS = st.recursive(_pattern(_ATOMS), _pattern, max_leaves=8)
TEXTS = st.lists(
    st.sampled_from(["the ", "The ", "thing", "a", "e", "q", "Q", " ", ".", ",", "|", "\n", "é", "5"]), max_size=12
)


def _compiled(pattern: str) -> Any:
    try:
        return re2.compile(f"(?m){pattern}".encode())
    except re2.error:
        return None


@given(PATTERNS, TEXTS.map("".join), st.booleans())
def test_a_match_of_a_pattern_holds_a_match_of_its_piece(pattern: str, text: str, ignorecase: bool) -> None:
    whole = _compiled(f"(?i){pattern}" if ignorecase else pattern)
    data = text.encode()

    if whole and whole.search(data):
        piece = _compiled(factor(pattern, ignorecase=ignorecase).source)

        assert piece is not None
        assert piece.search(data)


@given(PATTERNS, TEXTS.map("".join), st.booleans())
def test_a_match_of_a_pattern_holds_a_match_of_its_piece_on_one_line(pattern: str, text: str, ignorecase: bool) -> None:
    whole = _compiled(f"(?i){pattern}" if ignorecase else pattern)

    if whole and whole.search(text.encode()):
        needed = factor(without_breaks(pattern), ignorecase=ignorecase)
        piece = _compiled(needed.source)

        assert piece is not None
        if needed.weight >= ENOUGH and not may_cross_lines(needed.source):
            assert any(piece.search(line.encode()) for line in text.split("\n"))


@pytest.mark.parametrize(
    ("pattern", "source", "kind"),
    [
        (r"[a-z]+ beside [a-z]+", " beside (?:[a-z]){1}", "word"),
        (r"[a-z]+ and [a-z]+", None, "live"),
        (r"^[ \t]*(?P<whole_>(?i)all rights? reserved\b.*)$", None, "line"),
        (r"[^\n]*\bcredit by \w+", r"\bcredit by (?:\w){1}", "word"),
        (r"\p{L}[\p{L}'-]+ \p{L}+", None, "live"),
        (r"[\p{L}]{2}\x{a0}\p{L}", r"\x{a0}\p{L}", "sign"),
        (r"(?:read more|see also): .*x", None, "word"),
        (r"\p{L}\p{Ll}{2,}[05]\p{Ll}{2,}", r"\p{Ll}[05](?:\p{Ll}){2}", "sign"),
        (r"\p{Ll}+[.?][”)]?\p{Lu}\p{Ll}+", r"[.?](?:[”)])?\p{Lu}(?:\p{Ll}){1}", "sign"),
    ],
)
def test_the_piece_is_the_rarest_that_dies(pattern: str, source: str | None, kind: str) -> None:
    needed = factor(pattern)

    assert needed.kind == kind
    if source:
        assert needed.source == source


@pytest.mark.parametrize("pattern", [r"\Qa.b\E+", r"(?s:a.b)c", r"(?U)a+", r"\01+", r"(a"])
def test_what_it_does_not_know_it_takes_whole(pattern: str) -> None:
    assert factor(pattern).source == pattern


def test_most_patterns_of_the_rules_die_soon() -> None:
    matchers = [matcher for rule in default_rules() if (matcher := matcher_for(rule))]
    kinds = [factor(gate, ignorecase=m.ignorecase).kind for m in matchers for gate in m.gates]

    assert kinds.count("live") <= 0.15 * len(kinds)


def test_findings_are_those_of_gates_that_look_for_whole_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = default_rules()
    texts = [example.text for rule in rules for example in (*rule.examples.bad, *rule.examples.good)]
    fast = qcheck.Checker.of_rules(rules)
    monkeypatch.setattr(
        choosing, "factor", lambda pattern, ignorecase: Factor(f"(?{'i' * ignorecase}:{pattern})", 0, "live")
    )
    plain = qcheck.Checker.of_rules(rules)

    for text in (*texts, "\n\n".join(texts)):
        assert _places(fast, text) == _places(plain, text)


def _places(checker: qcheck.Checker, text: str) -> list[tuple[str, int, int, str]]:
    return [(f.rule.code, f.start, f.end, f.message) for f in checker.check(text).findings]


def test_only_breaks_that_stand_for_themselves_are_taken_for_breaks() -> None:
    assert without_breaks(r"a\s+b") == "a.*b"
    assert without_breaks(r"[\s+\n]b") == r"[\s+\n]b"
    assert without_breaks(r"a\\s+b") == r"a\\s+b"


@pytest.mark.parametrize(
    "token", [r"[\t-\r]", r"[\x{0}-\x{1f}]", "[[:space:]]", r"\pC", r"\p{Cc}", r"\PL", "[^a]", r"\Q.\E"]
)
def test_what_may_be_a_line_feed_is_seen_in_any_spelling(token: str) -> None:
    assert may_cross_lines(f"a{token}+b")


def test_what_leaves_the_line_feed_out_is_no_line_feed() -> None:
    assert not may_cross_lines(r"a[^\n]+\[s\p{L}(?P<s>\\s[ \t\r]|\b)$")
