from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcheck import Checker, Document, Edit, Finding, Fix, Rule, Safety, Score, Verdict
from qcheck.errors import FileError
from qcheck.rules import rules_folder
from qcheck.score import load_weights, score
from rulekit import make_rule

WEIGHTS = load_weights(rules_folder() / "score.toml")


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> list[Rule]:
    folder = tmp_path_factory.mktemp("rules")
    kinds = [
        ("MT900", "error", "high"),
        ("TYP900", "warning", "low"),
        ("OCR900", "error", "medium"),
        ("WEB900", "info", "high"),
        ("DOC900", "warning", "medium"),
        ("DOC901", "error", "high"),
    ]
    return [make_rule(folder, code=c, name=c.lower(), severity=s, confidence=k) for c, s, k in kinds]


def found(rule: Rule, text: str, start: int, end: int, *edits: Edit) -> Finding:
    return Finding(rule, start, end, "", Fix(Safety.SAFE, edits) if edits else None, Document(text))


def scored(text: str, findings: list[Finding]) -> Score:
    return score(Document(text), findings, WEIGHTS)


TEXTS = st.text(st.sampled_from("ab  \n.é"), min_size=1, max_size=40)
MARKS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40), st.integers(0, 40)), max_size=8)


def marked(rules: list[Rule], text: str, marks: list[tuple[int, int, int]]) -> list[Finding]:
    return [found(rules[n], text, min(a, b, len(text)), min(max(a, b), len(text))) for n, a, b in marks]


@given(text=st.text())
def test_a_text_without_findings_scores_100(text: str) -> None:
    assert scored(text, []) == Score(100.0, Verdict.KEEP, {})


@given(text=TEXTS, marks=MARKS)
def test_the_value_is_bounded_and_the_families_add_up(
    rules: list[Rule], text: str, marks: list[tuple[int, int, int]]
) -> None:
    made = scored(text, marked(rules, text, marks))

    assert 0 <= made.value <= 100
    assert sum(made.families.values()) == pytest.approx(100 - made.value)
    assert all(part >= 0 for part in made.families.values())


@given(text=TEXTS, marks=MARKS, more=MARKS)
def test_adding_marks_never_raises_the_score(
    rules: list[Rule], text: str, marks: list[tuple[int, int, int]], more: list[tuple[int, int, int]]
) -> None:
    few = scored(text, marked(rules, text, marks))
    many = scored(text, marked(rules, text, marks + more))

    assert many.value <= few.value + 1e-9


@given(text=TEXTS, marks=MARKS)
def test_a_text_twice_over_scores_as_once(rules: list[Rule], text: str, marks: list[tuple[int, int, int]]) -> None:
    once = marked(rules, text, marks)
    twice = f"{text}\n\n{text}"
    shift = len(text) + 2
    local = [f for f in once if f.rule.family != "document"]
    doubled = [found(f.rule, twice, f.start + by, f.end + by) for f in local for by in (0, shift)]
    whole = [found(f.rule, twice, f.start, f.end) for f in once if f.rule.family == "document"]

    assert scored(twice, doubled + whole).value == pytest.approx(scored(text, once).value)


@given(text=TEXTS, marks=MARKS, data=st.data())
def test_applying_a_fix_never_lowers_the_score(
    rules: list[Rule], text: str, marks: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    """Whatever a fix takes out, around its mark too; the other marks keep their places."""
    marks = [mark for mark in marks if mark[0] < 4]
    a, b = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    replacement = data.draw(st.sampled_from(["", "", "a", " a ", "."]))
    mended = text[:a] + replacement + text[b:]
    by = len(mended) - len(text)
    others = [f for f in marked(rules, text, marks) if f.end < a or f.start > b]
    kept = [found(f.rule, mended, f.start + by * (f.start > b), f.end + by * (f.start > b)) for f in others]
    inside = found(rules[0], text, a, max(a, b - 1), Edit(a, b, replacement))

    assert scored(mended, kept).value >= scored(text, [*others, inside]).value - 1e-9


def test_info_weighs_nothing(rules: list[Rule]) -> None:
    assert scored("some words here", [found(rules[3], "some words here", 0, 4)]).value == 100


def test_a_finding_about_the_whole_document_takes_a_share_whatever_it_spans(rules: list[Rule]) -> None:
    text = "word " * 100
    typo = found(rules[1], text, 0, 4)
    alone, both = scored(text, [typo]), scored(text, [typo, found(rules[4], text, 0, len(text))])

    assert both.value == pytest.approx(alone.value * (1 - 0.4 * 0.75))
    assert set(both.families) == {"typography", "document"}
    assert scored(text, [found(rules[5], text, 0, 0)]).value == 0


def test_verdicts(rules: list[Rule]) -> None:
    text = "word " * 360
    weights = replace(WEIGHTS, severity={"error": 40.0}, family={"translation": 1.0}, confidence={"high": 1.0})
    verdicts = {n: score(Document(text), [found(rules[0], text, 0, 0)] * n, weights).verdict for n in (0, 1, 2, 13, 14)}

    # 359 / (359 + 40) is 89.97; 359 / (359 + 520) is 40.8, and 359 / (359 + 560) is 39.1.
    assert verdicts == {0: "keep", 1: "fix", 2: "fix", 13: "fix", 14: "drop"}


def test_a_large_single_word_takes_linear_time(rules: list[Rule]) -> None:
    text = "x" * 300_000
    findings = [found(rules[0], text, at, at + 1) for at in range(0, 300_000, 3)]

    assert scored(text, findings).value == 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("error = 40.0", "error = -1", r":6: 'error' must be a number from 0 up"),
        ("error = 40.0", "error = nan", r":6: 'error' must be a number from 0 up"),
        ("error = 40.0", "error = inf", r":6: 'error' must be a number from 0 up"),
        ("error = 40.0", "error = 'x'", r":6: 'error' must be a number, not 'x'"),
        ("error = 40.0\n", "", r":5: \[severity\] needs the key 'error'"),
        ("ocr = ", "orc = ", r"\[family\] needs the key 'ocr'"),
        ("[verdict]", "[verdict]\nmaybe = 1", r"unknown key 'maybe' in \[verdict\]"),
        ("[verdict]", "[more]\n[verdict]", r"unknown key 'more' in the file"),
    ],
)
def test_a_wrong_score_file_names_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    source = (rules_folder() / "score.toml").read_text("utf-8")
    assert old in source
    path = tmp_path / "score.toml"
    path.write_text(source.replace(old, new, 1), "utf-8")

    with pytest.raises(FileError, match=message):
        load_weights(path)


def test_a_checker_scores_with_the_weights_it_is_given(rules: list[Rule]) -> None:
    lenient = replace(WEIGHTS, severity={"error": 0.0, "warning": 0.0, "info": 0.0})

    assert Checker.of_rules(rules[:1], weights=lenient).check("BAD words").score.value == 100
