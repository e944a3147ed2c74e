"""A proof that cannot fail proves nothing: for each of its points, a rule that is broken there must be caught."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from textwrap import dedent

import pytest

from qcheck import Document, Edit
from qcheck.document import Span
from qcheck.rules import default_rules, proving
from qcheck.rules.loading import load_rule
from qcheck.rules.proving import Marked, prove, unmark
from qcheck.scan.hit import Hit
from rulekit import make_rule, plant_detector

GUIDE = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"
GOOD = "safety = 'safe'\nreplace = 'good'"


def problems(tmp_path: Path, match: str = "pattern = 'BAD'", **parts: str) -> list[str]:
    rule = make_rule(tmp_path, match, **parts)
    return prove(rule, [rule])


def test_a_sound_rule_is_proved(tmp_path: Path) -> None:
    assert problems(tmp_path, fix=GOOD, fixed="a good day", known="BAD but meant") == []


def test_the_rule_that_newcomers_are_shown_is_proved(tmp_path: Path) -> None:
    shown = re.search(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    path = tmp_path / "typography" / "comma-before-bracket.toml"
    path.parent.mkdir()
    path.write_text(dedent(shown[1]), encoding="utf-8")
    rule = load_rule(path)

    assert prove(rule, [rule, *default_rules()]) == []


@pytest.mark.parametrize(
    ("match", "parts", "problem"),
    [
        pytest.param(
            "pattern = 'BA'", {}, "bad example 'a ⟦BAD⟧ day': marked [(2, 5)], found [(2, 4)]", id="another span"
        ),
        pytest.param("pattern = 'WORSE'", {}, "bad example 'a ⟦BAD⟧ day': marked [(2, 5)], found []", id="no span"),
        pytest.param(
            "pattern = '[a-z]+|BAD'", {}, "bad example 'a ⟦BAD⟧ day': marked [(2, 5)], found [(0, 1)", id="more spans"
        ),
        pytest.param(
            "pattern = 'BAD'", {"good": "a BAD joke"}, "good example fires: 'a BAD joke'", id="good one fires"
        ),
        pytest.param(
            "pattern = 'BAD'",
            {"known": "a good day"},
            "known failure no longer fires, make it a good example: 'a good day'",
            id="known failure is gone",
        ),
        pytest.param(
            "pattern = 'BAD'", {"fix": GOOD}, "has a fix, but no bad example shows its 'fixed' text", id="fix not shown"
        ),
        pytest.param(
            "pattern = 'BAD'",
            {"fix": GOOD, "fixed": "a fine day"},
            "bad example 'a ⟦BAD⟧ day': should be fixed to 'a fine day', is 'a good day'",
            id="another fix",
        ),
        pytest.param(
            "pattern = 'BAD$'",
            {"bad": "⟦BAD⟧\nday"},
            "bad example '⟦BAD⟧\\nday' with CRLF: marked [(0, 3)], found []",
            id="CRLF",
        ),
        pytest.param(
            "pattern = '\\ABAD'\nscope = 'paragraph'",
            {"bad": "⟦BAD⟧"},
            "bad example '⟦BAD⟧' after an emoji: marked [(6, 9)], found []",
            id="emoji before",
        ),
        pytest.param(
            "pattern = '(?:BAD)+'",
            {"fix": "safety = 'safe'\nreplace = '{text}{text}'", "fixed": "a BADBAD day"},
            "bad example 'a ⟦BAD⟧ day': should be fixed to 'a BADBAD day', is 'a BAD day'",
            id="never settles",
        ),
    ],
)
def test_a_broken_rule_is_caught(tmp_path: Path, match: str, parts: dict[str, str], problem: str) -> None:
    assert any(found.startswith(problem) for found in problems(tmp_path, match, **parts))


def test_a_fix_that_breaks_crlf_is_caught(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "pattern = 'BAD\\s+'\nscope = 'document'",
        bad="a ⟦BAD\n⟧day",
        fix="safety = 'safe'\nreplace = '{text}good'\ntarget = 'match'",
        fixed="x",
    )
    broken = problems(
        tmp_path,
        "pattern = '(?P<end>BAD\\s*)day'\nscope = 'document'\nreport = 'end'",
        bad="a ⟦BAD\n⟧day",
        fix='safety = "safe"\nreplace = "good\\n"\ntarget = "end"',
        fixed="a good\nday",
    )

    assert found
    assert broken == ["bad example 'a ⟦BAD\\n⟧day' with CRLF: fixed to 'a good\\nday'"]


def test_a_fix_that_gives_another_rule_something_to_find_is_caught(tmp_path: Path) -> None:
    rule = make_rule(tmp_path, fix=GOOD, fixed="a good day")
    other = make_rule(tmp_path, "pattern = 'good'", code="OCR900", name="other", bad="⟦good⟧", good="fine")

    assert "bad example 'a ⟦BAD⟧ day': its fixed text has a new finding of OCR900" in prove(rule, [rule, other])


def test_a_safe_fix_that_changes_what_another_rule_calls_sound_is_caught(tmp_path: Path) -> None:
    rule = make_rule(tmp_path, fix=GOOD, fixed="a good day")
    other = make_rule(tmp_path, "pattern = 'X'", code="OCR900", name="other", bad="⟦X⟧", good="a BAD day")

    assert prove(rule, [rule, other]) == ["its safe fix changes a good example of OCR900: 'a BAD day'"]


def detector_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, find: object, **parts: str) -> list[str]:
    plant_detector(monkeypatch, find)
    return problems(tmp_path, "detector = 'planted'\ncandidates = ['BAD']", kind="python", **parts)


def test_a_detector_that_counts_in_bytes_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(document: Document, *rest: object) -> Iterator[Hit]:
        at = document.data.find(b"BAD")
        if at >= 0:
            yield Hit(Span(at, at + 3))

    assert any("after an emoji" in problem for problem in detector_problems(tmp_path, monkeypatch, find))


def test_a_detector_that_gives_up_on_long_texts_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(document: Document, candidates: list[Span], params: object) -> Iterator[Hit]:
        return iter([Hit(span) for span in candidates if span.start < 10_000])

    assert any("after a line of 1 MB" in problem for problem in detector_problems(tmp_path, monkeypatch, find))


def test_a_detector_that_fails_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(document: Document, candidates: list[Span], params: object) -> Iterator[Hit]:
        if len(document.text) in (9, 20_000):
            raise ZeroDivisionError
        return iter([Hit(span) for span in candidates])

    found = detector_problems(tmp_path, monkeypatch, find, bad="a ⟦BAD⟧ days")

    assert "TYP900 could not finish: TYP900 failed: ZeroDivisionError: " not in found
    assert "could not finish on 20000 characters of 'a BAD days': TYP900 failed: ZeroDivisionError: " in found
    assert detector_problems(tmp_path, monkeypatch, find) == [
        "TYP900 could not finish: TYP900 failed: ZeroDivisionError: ",
        "bad example 'a ⟦BAD⟧ day': marked [(2, 5)], found []",
        "could not finish on 20000 characters of 'a BAD day': TYP900 failed: ZeroDivisionError: ",
    ]


def test_quadratic_time_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(document: Document, candidates: list[Span], params: object) -> Iterator[Hit]:
        for span in candidates:
            sum(1 for _ in range(2 * span.end))
            yield Hit(span)

    monkeypatch.setattr(proving, "_HOSTILE_LENGTH", 3_000)  # the real one would take a minute
    monkeypatch.setattr(proving, "_TOO_SHORT_TO_MEASURE", 0.01)
    found = detector_problems(tmp_path, monkeypatch, find)

    assert any(problem.startswith("time grows faster than the text: ") for problem in found)


def test_fixing_twice_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector whose second look differs from its first: only the repetition shows it."""
    looks = count()

    def find(document: Document, candidates: list[Span], params: dict[str, int]) -> Iterator[Hit]:
        if "BAD" in document.text:
            yield Hit(Span(2, 5), edits=(Edit(2, 5, "good"),))
        elif document.text == "a good day" and next(looks) == params["look"]:
            yield Hit(Span(0, 1), edits=(Edit(0, 1, "the"),))

    plant_detector(monkeypatch, find)
    found: list[str] = []
    for look in range(12):
        looks = count()
        match = f"detector = 'planted'\nparams = {{ look = {look} }}"
        rule = make_rule(tmp_path, match, kind="python", fix="safety = 'safe'", fixed="a good day")
        found += prove(rule, [rule])

    assert "bad example 'a ⟦BAD⟧ day': fixing twice gives 'the good day'" in found


@pytest.mark.parametrize(
    ("text", "plain", "spans"),
    [
        ("none", "none", []),
        ("⟦all⟧", "all", [(0, 3)]),
        ("a⟦b⟧c⟦⟧d⟦😀\n⟧", "abcd😀\n", [(1, 2), (3, 3), (4, 6)]),
    ],
)
def test_unmark(text: str, plain: str, spans: list[tuple[int, int]]) -> None:
    assert unmark(text) == Marked(plain, spans)
