from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcheck import Checker, Document, Edit, Finding, Fix, Rule, Safety
from qcheck.fix import MAX_ROUNDS, apply_edits, choose_edits, mend
from rulekit import make_checker, make_rule


@pytest.fixture(scope="module")
def rule(tmp_path_factory: pytest.TempPathFactory) -> Rule:
    return make_rule(tmp_path_factory.mktemp("rules"))


def finding(rule: Rule, text: str, *edits: tuple[int, int, str], safety: Safety = Safety.SAFE) -> Finding:
    made = tuple(Edit(*edit) for edit in edits)
    fix = Fix(safety, made) if edits else None
    start, end = (made[0].start, made[-1].end) if made else (0, 0)
    return Finding(rule, start, end, "", fix, Document(text))


def applied(rule: Rule, text: str, *fixes: list[tuple[int, int, str]]) -> tuple[str, int]:
    edits, codes = choose_edits(text, [finding(rule, text, *fix) for fix in fixes], unsafe=False)
    return apply_edits(text, edits), len(codes)


@pytest.mark.parametrize(
    ("fixes", "text", "count"),
    [
        pytest.param([[(1, 2, "B")], [(4, 5, "E")]], "aBcdEfgh", 2, id="apart"),
        pytest.param([[(1, 3, "X")], [(3, 4, "Y")]], "aXYefgh", 2, id="touching"),
        pytest.param([[(1, 4, "X")], [(2, 3, "Y")]], "aXefgh", 1, id="the outer goes first"),
        pytest.param([[(1, 3, "X")], [(2, 5, "Y")]], "aXdefgh", 1, id="the earlier goes first"),
        pytest.param([[(1, 4, "")], [(2, 6, "")]], "agh", 2, id="deletions that overlap are one"),
        pytest.param([[(1, 3, "")], [(3, 6, "")]], "agh", 2, id="deletions that touch"),
        pytest.param([[(1, 6, "")], [(2, 3, "")]], "agh", 2, id="a deletion inside another"),
        pytest.param([[(1, 6, "")], [(1, 6, "")]], "agh", 2, id="the same deletion twice"),
        pytest.param([[(1, 6, "")], [(2, 3, "X")]], "agh", 1, id="nothing is written into a deletion"),
        pytest.param([[(2, 3, "X")], [(2, 3, "Y")]], "abXdefgh", 1, id="two words for one place"),
        pytest.param([[(2, 2, "X")], [(2, 2, "Y")]], "abXcdefgh", 1, id="two insertions at one place"),
        pytest.param([[(2, 2, "X")], [(2, 4, "Y")]], "abXYefgh", 2, id="insertion before a replacement"),
        pytest.param([[(1, 3, "")], [(3, 3, "X")], [(3, 5, "")]], "aXfgh", 3, id="insertion between deletions"),
        pytest.param([[(1, 4, "")], [(2, 2, "X")]], "aefgh", 1, id="no insertion into a deletion"),
        pytest.param([[(0, 1, "A"), (6, 7, "G")], [(6, 7, "X")]], "AbcdefGh", 1, id="a fix of two edits"),
        pytest.param([[(0, 1, "A")], [(0, 1, "X"), (6, 7, "G")]], "Abcdefgh", 1, id="all of a fix or nothing"),
        pytest.param([[(2, 3, "c")]], "abcdefgh", 0, id="what changes nothing"),
        pytest.param([[(2, 3, "c"), (3, 4, "D")]], "abcDefgh", 1, id="one of two changes nothing"),
        pytest.param([[]], "abcdefgh", 0, id="no fix"),
        pytest.param([[(8, 8, "!")], [(0, 0, "?")]], "?abcdefgh!", 2, id="both ends"),
    ],
)
def test_which_edits_go_together(rule: Rule, fixes: list[list[tuple[int, int, str]]], text: str, count: int) -> None:
    assert applied(rule, "abcdefgh", *fixes) == (text, count)


def edits_in(length: int) -> st.SearchStrategy[tuple[int, int, str]]:
    pair = st.tuples(st.integers(0, length), st.integers(0, length)).map(sorted)
    return st.builds(lambda p, r: (p[0], p[1], r), pair, st.sampled_from(["", "", "X", "\n", "YY"]))


def sorted_disjoint(edits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for edit in sorted(edits):
        if not kept or (kept[-1][1] <= edit[0] and kept[-1][:2] != edit[:2]):
            kept.append(edit)
    return kept


FIXES = st.lists(st.lists(edits_in(24), max_size=4).map(sorted_disjoint), max_size=12)


@given(text=st.text(st.sampled_from("ab \n\r"), min_size=24, max_size=24), fixes=FIXES)
def test_edits_chosen_are_sorted_disjoint_whole_fixes_and_nothing_else(
    rule: Rule, text: str, fixes: list[list[tuple[int, int, str]]]
) -> None:
    findings = [finding(rule, text, *fix) for fix in fixes]

    edits, codes = choose_edits(text, findings, unsafe=False)

    assert edits == sorted(edits)
    assert all(before.end <= after.start for before, after in pairwise(edits))
    covered = {i for edit in edits for i in range(edit.start, edit.end)}
    written = [edit for edit in edits if edit.replacement]
    whole = [
        fix
        for fix in fixes
        if all(
            text[s:e] == r or Edit(s, e, r) in written or (not r and covered.issuperset(range(s, e))) for s, e, r in fix
        )
    ]
    assert len(codes) <= len(whole)
    named = {i for fix in whole for s, e, _ in fix for i in range(s, e)}
    # Only a deletion merged out of several takes more than what the fixes name: blank lines.
    assert all(text[i] in " \r\n" for i in covered - named)
    assert all(any((e.start, e.end, e.replacement) in fix for fix in whole) for e in written)


@given(text=st.text(st.sampled_from("ab\n"), min_size=24, max_size=24), fixes=FIXES)
def test_a_fix_that_was_left_out_meets_one_that_was_taken(
    rule: Rule, text: str, fixes: list[list[tuple[int, int, str]]]
) -> None:
    edits, codes = choose_edits(text, [finding(rule, text, *fix) for fix in fixes], unsafe=False)
    changing = [fix for fix in fixes if any(text[s:e] != r for s, e, r in fix)]

    def meets(s: int, e: int) -> bool:
        return any((o.start < e and s < o.end) or (o.start, o.end) == (s, e) for o in edits)

    apart = [fix for fix in changing if not any(meets(s, e) for s, e, r in fix if text[s:e] != r)]
    assert apart == []
    assert bool(codes) == bool(changing)


def test_safety_decides_what_is_applied(rule: Rule) -> None:
    text = "abc"
    safe, unsafe, display = (finding(rule, text, (at, at + 1, "X"), safety=safety) for at, safety in enumerate(Safety))

    assert apply_edits(text, choose_edits(text, [safe, unsafe, display], unsafe=False)[0]) == "Xbc"
    assert apply_edits(text, choose_edits(text, [safe, unsafe, display], unsafe=True)[0]) == "XXc"


def line_edit(text: str, number: int) -> list[tuple[int, int, str]]:
    return [(*Document(text).lines_out(number, number), "")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("a\n\nX\nX\n\nb", "a\n\nb", id="a paragraph of two lines"),
        pytest.param("a\n\nX\n\nX\n\nb\n", "a\n\nb\n", id="two paragraphs"),
        pytest.param("a\n\nX\nX", "a", id="at the end, no line end"),
        pytest.param("a\n\nX\nX\n", "a\n", id="at the end"),
        pytest.param("a\nX\nX\n\nb", "a\n\nb", id="the end of a paragraph"),
        pytest.param("a\n\nX\nX\nb", "a\n\nb", id="the beginning of a paragraph"),
        pytest.param("X\nX\n\nb", "b", id="at the start"),
        pytest.param("X\n\nX\nX\n", "", id="everything"),
        pytest.param("X\nX", "", id="everything, no line end"),
        pytest.param("a\nX\n\nX\nb", "a\n\nb", id="around a blank line"),
        pytest.param("a\n\n\nX\nX\n\n\nb", "a\n\n\nb", id="blank lines before stay as they were"),
    ],
)
def test_deleting_lines_one_after_the_other_leaves_no_doubled_blank_lines(
    rule: Rule, text: str, left: str, line_end: str
) -> None:
    text, left = text.replace("\n", line_end), left.replace("\n", line_end)
    numbers = [n for n, line in enumerate(text.split("\n")) if line.startswith("X")]
    fixes = [line_edit(text, n) for n in numbers]

    for order in (fixes, fixes[::-1]):
        assert applied(rule, text, *order)[0] == left


def test_a_single_deletion_takes_exactly_what_it_names(rule: Rule) -> None:
    assert applied(rule, "a\n\nX\n\nb", [(3, 5, "")]) == ("a\n\n\nb", 1)
    assert applied(rule, "a\n\nX\n\nb", [(3, 5, "")], [(3, 5, "")]) == ("a\n\n\nb", 2)


def test_merged_deletions_of_parts_of_lines_take_no_blank_lines(rule: Rule) -> None:
    assert applied(rule, "a\n\nb XX\n\nb", [(4, 6, "")], [(5, 7, "")]) == ("a\n\nb\n\nb", 2)


def test_blank_lines_that_another_fix_changes_are_left_to_it(rule: Rule) -> None:
    text = "a\n\nX\nX\n\n\nb"

    fixed, count = applied(rule, text, [(3, 5, "")], [(5, 7, "")], [(7, 9, "--")])

    assert (fixed, count) == ("a\n\n--b", 3)


def test_many_overlapping_fixes_take_linear_time(rule: Rule) -> None:
    text = "x" * 200_000
    document = Document(text)
    wide = [Finding(rule, 0, 0, "", Fix(Safety.SAFE, (Edit(i, 100_000 + i, ""),)), document) for i in range(20_000)]
    small = [Finding(rule, 0, 0, "", Fix(Safety.SAFE, (Edit(i, i + 1, "y"),)), document) for i in range(0, 200_000, 5)]
    apart = [Finding(rule, 0, 0, "", Fix(Safety.SAFE, (Edit(i, i + 2, ""),)), document) for i in range(0, 199_000, 4)]
    started = time.process_time()

    edits, codes = choose_edits(text, [*wide, *small, *apart], unsafe=False)

    assert time.process_time() - started < 10  # comparing all with all: hours
    assert edits[0] == Edit(0, 119_999, "")
    assert len(codes) > 20_000


def test_mending_reaches_a_fixed_point(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, "pattern = 'aa'", fix="safety = 'safe'\nreplace = 'a'")

    mended = checker.check("aaaaaaaa b").mend()

    assert (mended.text, dict(mended.applied), mended.unsettled) == ("a b", {"TYP900": 7}, ())
    assert checker.check(mended.text).fixed() == mended.text


def test_a_rule_that_never_settles_sits_out_and_the_others_mend(tmp_path: Path) -> None:
    grows = make_rule(tmp_path, "pattern = 'b'", name="grows", fix="safety = 'safe'\nreplace = 'bb'")
    sound = make_rule(tmp_path, "pattern = 'BAD'", code="TYP901", fix="safety = 'safe'\nreplace = 'good'")
    checker = Checker.of_rules([grows, sound])

    mended = checker.check("b BAD").mend()

    assert (mended.text, dict(mended.applied), mended.unsettled) == ("b good", {"TYP901": 1}, ("TYP900",))


def test_two_rules_that_undo_each_other_both_sit_out(tmp_path: Path) -> None:
    there = make_rule(tmp_path, "pattern = 'one'", name="there", fix="safety = 'safe'\nreplace = 'two'")
    back = make_rule(tmp_path, "pattern = 'two'", code="TYP901", fix="safety = 'safe'\nreplace = 'one'")

    mended = Checker.of_rules([there, back]).check("one two").mend()

    assert mended.unsettled
    assert len(mended.text.split()) == 2


def test_settling_gives_up_after_some_rounds(rule: Rule) -> None:
    rounds = 0

    def check(text: str) -> Iterable[Finding]:
        nonlocal rounds
        rounds += 1
        return [finding(rule, text, (0, 0, "x"))]

    mended = mend("text", check("text"), check, unsafe=False)

    assert (mended.text, mended.unsettled) == ("text", (rule.code,))
    assert rounds == MAX_ROUNDS + 1


@pytest.fixture(scope="module")
def boilerplate(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    folder = tmp_path_factory.mktemp("rules")
    lines = make_rule(folder, "pattern = 'X+'\nwhole = true", fix="safety = 'safe'\ndelete = 'line'")
    words = make_rule(
        folder, "pattern = '\\bbad\\b'", code="OCR900", name="words", fix="safety = 'unsafe'\ndelete = 'span'"
    )
    return Checker.of_rules([lines, words])


@given(
    lines=st.lists(st.sampled_from(["a", "X", "XX", "", " ", "a bad b", "bad", "\tbad b"]), max_size=10),
    crlf=st.booleans(),
)
def test_fixing_is_idempotent_and_keeps_line_ends(boilerplate: Checker, lines: list[str], crlf: bool) -> None:
    checker = boilerplate
    text = ("\r\n" if crlf else "\n").join(lines)

    fixed = checker.check(text).fixed(unsafe=True)

    assert checker.check(fixed).fixed(unsafe=True) == fixed
    assert checker.check(text.replace("\r\n", "\n")).fixed(unsafe=True) == fixed.replace("\r\n", "\n")
    assert [line.split() for line in fixed.split("\n") if line.strip()] == [
        words for line in lines if (words := [w for w in line.split() if w not in ("X", "XX", "bad")])
    ]
    assert ("\r\n" in fixed) <= crlf
    assert fixed.replace("\r\n", "").count("\r") == 0
