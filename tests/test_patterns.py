"""Single rules of each kind: where they fire, and what their fixes say."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcheck import Checker, Edit
from qcheck.scan import compiling, patterns
from rulekit import make_checker, make_rule, spans

REGEX = "engine = 'regex'\ngate = ['B']\nreason = 'lookaround'\n"


def texts(checker: Checker, text: str) -> list[str]:
    report = checker.check(text)
    assert report.errors == ()
    return [finding.text for finding in report.findings]


@pytest.mark.parametrize(
    ("match", "text", "expected"),
    [
        pytest.param("pattern = 'B[^a]*B'", "BxB BxxB\nB\nB", ["BxB BxxB"], id="a line is the limit"),
        pytest.param("pattern = 'B\\s*B'", "B\nB B B", ["B B"], id="blanks of a line-scoped rule are no line ends"),
        pytest.param("pattern = 'B\\s*B'\nscope = 'paragraph'", "B\nB\n\nB\nB", ["B\nB", "B\nB"], id="paragraph"),
        pytest.param("pattern = 'B\\s*B'\nscope = 'document'", "B\n\nB", ["B\n\nB"], id="document"),
        pytest.param("pattern = '^B+$'", "B\r\nxB\nBB\n", ["BB"], id="line edges are at line feeds"),
        pytest.param("pattern = 'B.*'", "Bé\r\nB", ["Bé", "B"], id="a carriage return is no part of a line"),
        pytest.param("pattern = 'B+'\nwhole = true", "B\r\n B \n\u00a0BB\nB B\nB.", ["B", "B", "BB"], id="whole line"),
        pytest.param("pattern = 'B.*'\nwhole = true", "B x\r\nB\n", ["B x", "B"], id="whole line with CRLF"),
        pytest.param("pattern = 'a(?P<x>B)c'\nreport = 'x'", "aBc B", ["B"], id="report a group"),
        pytest.param("pattern = '(?P<x>B)|b'\nreport = 'x'", "é B b B", ["B", "b", "B"], id="group took no part"),
        pytest.param("pattern = '(?P<x>B?)b'\nreport = 'x'", "é Bb b", ["B", "b"], id="group is empty"),
        pytest.param("pattern = 'b'\nignorecase = true", "Bb", ["B", "b"], id="case"),
        pytest.param("pattern = 'B*'", "xBBx", ["BB"], id="empty matches are none"),
        pytest.param("patterns = ['B', 'BB']", "BB xB", ["BB", "B"], id="several patterns"),
        pytest.param("patterns = ['B', '[B]']", "B", ["B"], id="the same span twice is one finding"),
        pytest.param("pattern = 'B'\nunless = ['B']", "B", [], id="unless"),
        pytest.param("pattern = 'B'\nunless_before = ['no']", "no B\nB no", ["B"], id="unless before"),
        pytest.param("pattern = 'B'\nunless_before = ['^$']", "B\nxB", ["B"], id="nothing before"),
        pytest.param("pattern = 'B'\nunless_after = ['no']", "B no\nno B\nno", ["B"], id="unless after"),
        pytest.param("pattern = 'B'\nunless_after = ['^c']", "Bc Bdc", ["B"], id="right after"),
        pytest.param("pattern = '\\AB'\nscope = 'document'", "B\nB", ["B"], id="text start"),
        pytest.param(
            "scope = 'sentence'\nwhole = true\npattern = 'Bad.'", "Bad. A Bad. Bad.", ["Bad.", "Bad."], id="sentence"
        ),
        pytest.param("pattern = 'Bo[^x]*'\nscope = 'sentence'", "Bo. It x Bob\n\nBo b", ["Bo b"], id="in a sentence"),
        pytest.param("pattern = 'B'", "`B` B", ["B"], id="no code"),
        pytest.param("pattern = 'B'\ncode = true", "`B` B", ["B", "B"], id="code too"),
        pytest.param(REGEX + "pattern = '(?<=a)B'", "B aB\nB", ["B"], id="lookbehind"),
        pytest.param(REGEX + "pattern = '(?<=\\n)B'", "a\nB", [], id="lookbehind sees its line"),
        pytest.param(REGEX + "pattern = 'B(?=\\s*$)'", "B\r\nB \r\nBx", ["B", "B"], id="line end with CRLF"),
        pytest.param(REGEX + "pattern = 'B\\s*B'\nscope = 'paragraph'", "éB\nB\n\nB", ["B\nB"], id="regex, paragraph"),
        pytest.param(REGEX + "pattern = 'B\\s*B'\nscope = 'document'", "éB\n\nB", ["B\n\nB"], id="regex, document"),
        pytest.param(REGEX + "pattern = '(B)\\1'\nwhole = true", "BB\r\n BB \nBBB", ["BB", "BB"], id="regex, whole"),
        pytest.param(REGEX + "pattern = 'b'\nignorecase = true", "😀b B", ["b", "B"], id="the gate ignores case too"),
        pytest.param(REGEX + "pattern = 'b'", "b", [], id="the gate does not open"),
        pytest.param(REGEX + "pattern = '(?P<x>B)?b'\nreport = 'x'", "é Bb b B", ["B", "b"], id="regex, no part"),
        pytest.param(REGEX + "pattern = 'B*'", "xBBx", ["BB"], id="regex, empty matches"),
    ],
)
def test_regex(tmp_path: Path, match: str, text: str, expected: list[str]) -> None:
    assert texts(make_checker(tmp_path, match, bad="⟦x⟧"), text) == expected


@pytest.mark.parametrize(
    ("match", "text", "expected"),
    [
        ("phrases = ['read more']", "Read  more\u00a0or READ MORE, bread mores", ["Read  more", "READ MORE"]),
        ("phrases = ['don\\'t miss', \"it's\"]".replace("\\'", "’"), "Don't miss: It’s", ["Don't miss", "It’s"]),
        ("phrases = ['\"on\"']", '“on” "ON"', ["“on”", '"ON"']),
        ("phrases = ['a', 'a b']", "a b a", ["a b", "a"]),
        ("phrases = ['A.B']\nignorecase = false", "A.B AxB a.b", ["A.B"]),
        ("phrases = ['<n> comments']", "12 comments, 1,234 Comments", ["12 comments", "1,234 Comments"]),
        ("phrases = ['by <name>']", "by Ann Lee\nby ann lee", ["by Ann Lee"]),
        ("phrases = ['read <n>', 'read <n> <n>']", "read 1 2", ["read 1 2"]),
        ("phrases = ['if a < b']", "if a < b", ["if a < b"]),
        (
            "phrases = ['share']\nwhole = true",
            "Share\n• Share »\r\nshare this\n- share:",
            ["Share", "• Share »", "- share:"],
        ),
        ("phrases = ['posted <date> at <time>']", "Posted Mon, May 3rd, 2021 at 5:04 p.m.", None),
        ("phrases = ['a b']\nscope = 'paragraph'", "a\nb", ["a\nb"]),
        ("phrases = ['école']", "L'école, écoles", ["école"]),
    ],
)
def test_phrases(tmp_path: Path, match: str, text: str, expected: list[str] | None) -> None:
    checker = make_checker(tmp_path, match, kind="phrases")

    assert texts(checker, text) == ([text] if expected is None else expected)


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("in order too see", "in order to see"),
        ("In order too see", "In order to see"),
        ("IN ORDER TOO SEE", "IN ORDER TO SEE"),
        ("in  order\u00a0too see", "in order to see"),
        ("Internet", "internet"),
        ("“really” so", "‘really’ so"),
        ("kept as is", "kept as is"),
        ("gone now", " now"),
    ],
)
def test_phrase_replacements_follow_the_case_of_the_text(tmp_path: Path, text: str, fixed: str) -> None:
    table = 'in order too\tin order to\nInternet\tinternet\n"really"\t‘really’\nas is\ngone\t\n'
    (tmp_path / "typography").mkdir()
    (tmp_path / "typography" / "rows.tsv").write_text(table, "utf-8")

    checker = make_checker(tmp_path, "table = 'rows.tsv'", kind="phrases", fix="safety = 'safe'")

    assert checker.check(text).fixed() == fixed


def test_chars(tmp_path: Path) -> None:
    bell = make_rule(tmp_path, 'chars = ["\\u0007"]', kind="chars", code="ENC900", name="bell")
    blanks = make_rule(
        tmp_path, 'chars = ["\\u2000-\\u200D"]\nunless_after = ["^x"]', kind="chars", code="ENC901", name="blanks"
    )
    checker = Checker.of_rules([bell, blanks])

    report = checker.check("é\u2003\u200b\a\a\u2001. \u2004x\u0006")

    found = [(f.rule.name, f.start, f.text) for f in report.findings]
    assert found == [("blanks", 1, "\u2003\u200b"), ("bell", 3, "\a\a"), ("blanks", 5, "\u2001")]


def test_characters_may_be_line_feeds(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, 'chars = ["\\u0000-\\u001F"]', kind="chars")

    assert spans(checker, "a\n\tb\r\n\nc" + "x" * 9000 + "\n") == [(1, 3), (4, 7), (9008, 9009)]


def test_a_carriage_return_that_is_named_is_found(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, 'chars = ["\\r"]', kind="chars")

    assert spans(checker, "a\r\nb\r") == [(1, 2), (4, 5)]


def test_many_runs_of_characters_take_linear_time(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, 'chars = ["é"]', kind="chars")

    assert len(spans(checker, "éx" * 100_000)) == 100_000


@pytest.mark.parametrize(
    ("match", "text", "count"),
    [
        ("metric = 'words'\nbelow = 3", "two words", 1),
        ("metric = 'words'\nbelow = 3", "these three words", 0),
        ("metric = 'words'\nabove = 3", "these are four words", 1),
        ("metric = 'words'\nabove = 3\nbelow = 2", "", 1),
    ],
)
def test_metric(tmp_path: Path, match: str, text: str, count: int) -> None:
    checker = make_checker(tmp_path, match, kind="metric", code="DOC900", fix="safety = 'display'\nadvice = 'leave it'")

    report = checker.check(text)

    assert [(f.start, f.end, f.fix and f.fix.advice) for f in report.findings] == [(0, 0, "leave it")] * count


@pytest.mark.parametrize(
    ("pattern", "fix", "text", "fixed"),
    [
        ("(?P<a>\\w+),,", "replace = '{a},'", "é one,, two", "é one, two"),
        ("(?P<a>x)?(?P<b>y)", "replace = '[{a}{b}]'", "xy y", "[xy] [y]"),
        ("(?P<a>x)?y", "replace = 'z'\ntarget = 'a'", "xy y", "zy y"),
        ("a(?P<gap> +)b", "replace = ' '\ntarget = 'gap'", "é a   b", "é a b"),
        ("BAD", "delete = 'span'", "a BAD day", "a day"),
        ("BAD", "delete = 'span'", "BAD day", "day"),
        ("BAD", "delete = 'span'", "x\n BAD day", "x\n day"),
        ("BAD", "delete = 'line'", "x\nis BAD now\ny", "x\ny"),
        ("BAD$", "delete = 'line'", "x\r\nBAD\r\ny", "x\r\nBAD\r\ny"),
        ("BAD", "replace = '{{text}}'", "BAD", "{BAD}"),
    ],
)
def test_fixes(tmp_path: Path, pattern: str, fix: str, text: str, fixed: str) -> None:
    checker = make_checker(tmp_path, f"pattern = '{pattern}'", fix=f"safety = 'safe'\n{fix}")

    edits, _ = (checker.check(text).findings and ([f.fix for f in checker.check(text).findings], 0)) or ([], 0)
    applied = text
    for fix_ in reversed(edits):
        for edit in fix_.edits if fix_ else ():
            applied = applied[: edit.start] + edit.replacement + applied[edit.end :]
    assert applied == fixed


def test_a_fix_of_a_whole_line_leaves_the_blanks_around_it(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, "pattern = 'BAD+'\nwhole = true", fix="safety = 'safe'\nreplace = 'good'")

    assert checker.check("  BAD \r\nx").fixed() == "  good \r\nx"


def test_messages_are_filled_in_and_kept_short(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, "pattern = '(?P<word>B\\S*)(?P<none>z)?.*'", message="{word}{none}|{text}|{}")

    (finding,) = checker.check("Be  " + "x" * 100).findings

    assert finding.message == f"Be|Be {'x' * 56}…|{{}}"


def test_templates_do_not_reach_into_objects() -> None:
    from qcheck.scan.build import expand

    assert expand("{text.__class__} {0} {text!r} {text}", {"text": "{x}", "x": "no"}) == (
        "{text.__class__} {0} {text!r} {x}"
    )


def test_a_pattern_that_runs_too_long_is_stopped_once_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "REGEX_TIMEOUT_SECONDS", 0.05)
    slow = make_rule(tmp_path, REGEX + "pattern = '(?:B|BB)+$'")
    quick = make_rule(tmp_path, code="TYP901", name="quick", match="pattern = 'BB'")
    text = ("x" * 9000 + "\n" + "B" * 40 + "c\n") * 20

    report = Checker.of_rules([slow, quick]).check(text)

    assert report.errors == ("TYP900 ran too long and was stopped at byte 9001",)
    assert len(report.findings) == 400
    assert report.to_dict()["error"] == "TYP900 ran too long and was stopped at byte 9001"


def test_context_is_searched_in_linear_time(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, "pattern = 'B'\nunless_before = ['no$']\nunless_after = ['^no']")

    assert len(spans(checker, "B " * 50_000)) == 50_000


def test_context_is_bounded_and_does_not_cut_the_line_it_sees(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, "pattern = 'B'\nunless_before = ['no']")
    reach = patterns._CONTEXT_BYTES

    assert spans(checker, "no" + "é" * (reach // 2 - 1) + "B") == []
    assert spans(checker, "no" + "é" * reach + "B") == [(reach + 2, reach + 3)]


LONG = r"\pL" * 24


def test_a_set_that_outgrows_its_memory_is_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [make_rule(tmp_path, f"pattern = 'B{n}{LONG}x'", code=f"TYP{900 + n}", name=f"probe{n}") for n in range(20)]
    monkeypatch.setattr(compiling, "SET_MEMORY", 1 << 22)
    compiling.compile_pattern.cache_clear()

    checker = Checker.of_rules(rules)

    assert len(checker._scanner._chooser.gates["line"]) > 1
    assert [f.rule.code for f in checker.check(f"aB7{'y' * 24}x aB19{'y' * 24}x").findings] == ["TYP907", "TYP919"]
    compiling.compile_pattern.cache_clear()


def test_edits_of_a_finding_are_in_code_points(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, "pattern = 'BAD'", fix="safety = 'safe'\nreplace = 'x'")

    (finding,) = checker.check("é😀\ud800 BAD").findings

    assert finding.fix is not None
    assert finding.fix.edits == (Edit(4, 7, "x"),)
    assert finding.fix.replacement == "x"
