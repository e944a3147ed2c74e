"""The smaller program of a pattern says the same of a text in the narrow alphabet, and misses nothing in others."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcheck import zones
from qcheck.alphabet import BLOCKS, is_narrow
from qcheck.narrowing import can_be_narrowed, narrowed
from qcheck.rules import default_rules
from qcheck.rules.model import Scope
from qcheck.scan.compiling import compile_pattern
from qcheck.scan.patterns import Matcher, matcher_for

NARROW = "".join(map(chr, chain(*BLOCKS)))
WIDE = "".join(
    map(chr, (*range(0x180, 0x600), *range(0x1E00, 0x2000), *range(0x3000, 0x3100), *range(0xFA00, 0x10500)))
)
PROPERTIES = (
    "L",
    "Lu",
    "Ll",
    "Lm",
    "N",
    "Nd",
    "P",
    "S",
    "So",
    "Sc",
    "Z",
    "Zs",
    "M",
    "C",
    "Cc",
    "Latin",
    "Greek",
    "Han",
)
SHAPES = (r"\p{X}", r"[\p{X}]", r"[^\p{X}]", r"[\p{X}-]", r"[a\p{X}-z]", r"[^a-f\p{X}\n]", r"[]\p{X}]", r"\P{X}")
PLACES = (
    "{}",
    "(?i){}",
    "(?i:{})",
    "(?i)(?-i:{})",
    "(?i)(?:(?-i:x)|{})",
    "(?-i){}",
    "(?s)(?P<g>{})",
    r"\[{}|\Q[(?i)\E{}",
)
ZONES = (zones._CODE_LINE, zones._MARKUP_SIGN)
MATCHERS = [
    matcher for matcher in map(matcher_for, default_rules()) if matcher and any(map(can_be_narrowed, matcher.gates))
]


def spans(
    pattern: str, text: bytes, *, narrow: bool, ignorecase: bool = False, scope: Scope = Scope.DOCUMENT
) -> object:
    program = compile_pattern(pattern, scope, ignorecase=ignorecase, narrow=narrow)
    return [match.span() for match in program.finditer(text)]


def check_alike(pattern: str, *, ignorecase: bool) -> None:
    exact, small = (compile_pattern(pattern, ignorecase=ignorecase, narrow=narrow) for narrow in (False, True))
    inside, outside = NARROW.encode(), WIDE.encode()

    assert [m.span() for m in small.finditer(inside)] == [m.span() for m in exact.finditer(inside)]
    assert {m.start() for m in small.finditer(outside)} >= {m.start() for m in exact.finditer(outside)}


@pytest.mark.parametrize("ignorecase", [False, True])
@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_is_the_same_in_the_alphabet_and_no_less_outside(name: str, ignorecase: bool) -> None:
    for shape in SHAPES:
        check_alike(shape.replace("X", name), ignorecase=ignorecase)


@pytest.mark.parametrize("ignorecase", [False, True])
@pytest.mark.parametrize("place", PLACES)
def test_case_is_ignored_where_the_pattern_says(place: str, ignorecase: bool) -> None:
    for shape in (r"\p{Lu}", r"[^\p{Lu}]"):
        check_alike(place.replace("{}", shape), ignorecase=ignorecase)


@pytest.mark.parametrize("pattern", ZONES)
@given(st.text(st.sampled_from("aé1_ .=:-{};()#/<>[]$`\n\t\\'ЖΩ漢")))
def test_code_is_seen_alike(pattern: str, text: str) -> None:
    assert can_be_narrowed(pattern)
    exact, small = (spans(pattern, text.encode(), narrow=narrow) for narrow in (False, True))
    assert exact == small if is_narrow(text.encode()) else bool(small) >= bool(exact)


@pytest.mark.parametrize("matcher", MATCHERS, ids=lambda matcher: matcher.rule.code)
def test_patterns_of_rules_find_the_same_in_all_examples(matcher: Matcher) -> None:
    examples = [example.text for rule in default_rules() for example in (*rule.examples.bad, *rule.examples.good)]
    marked = "\n\n".join(text for text in examples if is_narrow(text.encode("utf-8", "surrogatepass")))
    text = marked.replace("⟦", "").replace("⟧", "").encode()

    for gate in matcher.gates:
        found = [
            spans(gate, text, narrow=narrow, ignorecase=matcher.ignorecase, scope=matcher.scope)
            for narrow in (False, True)
        ]
        assert found[0] == found[1]


@given(st.text(st.sampled_from("aBßſKéŁ1½ .-’“\n\tЖяΩ漢ẞ😀𝒳\ufffd")), st.sampled_from(MATCHERS))
def test_any_text_is_matched_alike(text: str, matcher: Matcher) -> None:
    data = text.encode()
    for gate in matcher.gates:
        exact = spans(gate, data, narrow=False, ignorecase=matcher.ignorecase, scope=matcher.scope)
        small = spans(gate, data, narrow=True, ignorecase=matcher.ignorecase, scope=matcher.scope)
        assert exact == small if is_narrow(data) else bool(small) >= bool(exact)


@given(st.text())
def test_narrow_texts_are_those_of_the_blocks(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")

    assert is_narrow(data) == all(any(ord(char) in block for block in BLOCKS) for char in text)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_ends_where_it_says(block: range) -> None:
    def is_in(code: int) -> bool:
        return is_narrow(f"a{chr(code)}".encode())

    assert all(map(is_in, block))
    assert not is_in(block[-1] + 1)
    assert block[0] == 0 or not is_in(block[0] - 1)


def test_what_holds_no_property_stays_as_it_is() -> None:
    assert narrowed(r"[^a-z]\P{L}(?i)\d") == r"[^a-z]\P{L}(?i)\d"
