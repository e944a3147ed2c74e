from __future__ import annotations

from pathlib import Path

import pytest

from qcheck import Checker, QcheckError, Rule
from qcheck.errors import RuleErrors
from qcheck.rules import default_rules, rules_folder
from qcheck.rules.loading import load_rule, load_rules
from qcheck.rules.model import CharsMatch, MetricMatch, Phrase, PhrasesMatch, RegexMatch, Scope
from rulekit import MARK, make_rule, rule_text, write_rule


def problems(path: Path) -> list[tuple[int, str]]:
    """Line and message of each error of one file."""
    with pytest.raises(QcheckError) as caught:
        load_rules([path.parent.parent])
    assert isinstance(caught.value, RuleErrors)
    assert all(error.path == path for error in caught.value.errors)
    return [(error.line, error.message) for error in caught.value.errors]


def line_of(path: Path, start: str) -> int:
    return next(n for n, line in enumerate(path.read_text("utf-8").split("\n"), 1) if line.startswith(start))


def replaced(folder: Path, old: str, new: str) -> Path:
    path = write_rule(folder)
    source = path.read_text("utf-8")
    assert old in source
    path.write_text(source.replace(old, new), encoding="utf-8")
    return path


def test_a_sound_rule_loads(tmp_path: Path) -> None:
    rule = make_rule(tmp_path, f"{MARK}\nunless = ['x']", head='languages = ["en"]\ntags = ["a"]')

    assert (rule.code, rule.name, rule.family, rule.languages, rule.tags) == (
        "TYP900",
        "probe",
        "typography",
        {"en"},
        ("a",),
    )
    assert isinstance(rule.match, RegexMatch)
    assert (rule.match.patterns, rule.match.scope, rule.match.context.unless) == (("BAD",), Scope.LINE, ("x",))
    assert rule.fix is None
    assert rule.path == tmp_path / "typography" / "probe.toml"


@pytest.mark.parametrize("folder", [rules_folder(), rules_folder() / "translation"])
def test_the_shipped_rules_are_cached_and_sorted(folder: Path) -> None:
    assert default_rules() is default_rules()
    assert [rule.code for rule in default_rules()] == sorted(rule.code for rule in default_rules())


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ('summary = "A probe"', 'sumary = "A probe"', "[rule]", "[rule] needs the key 'summary'"),
        ('since = "0.1.0"', 'since = "0.1.0"\nsynce = 1', "synce", "unknown key 'synce' in [rule]"),
        ('severity = "error"', 'severity = "fatal"', "severity", "'severity' must be one of error, warning, info"),
        ('code = "TYP900"', 'code = "T9"', "code", "code 'T9' must be a prefix in capitals and three or four digits"),
        ('code = "TYP900"', 'code = "OCR900"', "code", "prefix OCR belongs to the family ocr, not typography"),
        ('name = "probe"', 'name = "Probe"', "name", "name 'Probe' must be kebab-case and the file's stem, 'probe'"),
        ('name = "probe"', 'name = "other"', "name", "name 'other' must be kebab-case and the file's stem, 'probe'"),
        ('since = "0.1.0"', 'since = "0.1.0"\nlanguages = ["eng"]', "languages", "'eng' is no ISO 639-1 code"),
        ('"found {text}"', '"found {txt}"', "message", "'message' names {txt}, but the match has only text"),
        ('kind = "regex"', 'kind = "rex"', "kind", "'kind' must be one of regex, phrases, chars, metric, python"),
        ("pattern = 'BAD'", "pattern = '(BAD'", "pattern", "pattern: RE2 refuses '(BAD': missing )"),
        ("pattern = 'BAD'", "pattern = 'B\\C'", "pattern", "pattern: 'B\\\\C' holds \\C"),
        ("pattern = 'BAD'", "patterns = ['BAD', '[']", "patterns", "patterns: RE2 refuses '['"),
        ("pattern = 'BAD'", "paterns = ['BAD']", "[rule.match]", "a regex rule needs 'pattern' or 'patterns'"),
        ("pattern = 'BAD'", "pattern = 'BAD'\nwhole = 1", "whole", "'whole' must be true or false, not 1"),
        ("pattern = 'BAD'", "pattern = 'BAD'\nunless = ['(']", "unless", "unless: RE2 refuses '('"),
        ("pattern = 'BAD'", "pattern = 'BAD'\nunless_after = ['(']", "unless_after", "unless_after: RE2 refuses"),
        ("pattern = 'BAD'", "pattern = 'BAD'\nreport = 'x'", "report", "'report' names the group 'x', which"),
        ("pattern = 'BAD'", "pattern = 'BAD'\nscope = 'page'", "scope", "'scope' must be one of line, paragraph"),
        (
            "pattern = 'BAD'",
            "pattern = 'BAD'\nscope = 'document'\nwhole = true",
            "whole",
            "'whole' means a whole line or sentence",
        ),
        ("pattern = 'BAD'", "pattern = 'BAD'\ngate = ['B']", "gate", "'gate' and 'reason' go with engine"),
        ("pattern = 'BAD'", "pattern = 'BAD'\nreason = 'B'", "reason", "'gate' and 'reason' go with engine"),
        ("pattern = 'BAD'", "pattern = 'BAD'\nengine = 'regex'", "engine", "engine 'regex' needs 'gate'"),
        (
            "pattern = 'BAD'",
            "pattern = '(BAD'\nengine = 'regex'\ngate = ['B']\nreason = 'x'",
            "pattern",
            "pattern: regex refuses '(BAD'",
        ),
        (
            "pattern = 'BAD'",
            "pattern = 'BAD'\nengine = 'regex'\ngate = ['(']\nreason = 'x'",
            "gate",
            "gate: RE2 refuses '('",
        ),
        ('why = "It is a probe."', "", "[rule.docs]", "[rule.docs] needs the key 'why'"),
        ('why = "It is a probe."', 'why = "x"\nwhat = "y"', "what", "unknown key 'what' in [rule.docs]"),
        ("[[rule.examples.good]]", "[[rule.examples.known_failures]]", "[[rule.examples.bad]]", "a rule proves itself"),
        ("⟦BAD⟧", "BAD", "text", "a bad example marks each span"),
        ("⟦BAD⟧", "⟦BAD", "text", "a bad example marks each span"),
        ("⟦BAD⟧", "⟦BAD⟧⟧", "text", "a bad example marks each span"),
        ('text = "a good day"', 'txt = "a good day"', "[[rule.examples.good]]", "[rule.examples.good] needs the key"),
        ("[[rule.examples.good]]", "[[rule.examples.god]]", "[[rule.examples.god]]", "unknown key 'god' in"),
        ("[rule.docs]", "[extra]\n[rule.docs]", "[extra]", "unknown key 'extra' in the file"),
        ("[rule]\n", "[rules]\n", "[rules]", "unknown key 'rules' in the file"),
    ],
)
def test_an_error_names_its_line(tmp_path: Path, old: str, new: str, at: str, message: str) -> None:
    path = replaced(tmp_path, old, new)

    ((line, said),) = problems(path)

    assert said.startswith(message)
    assert line == line_of(path, at)


@pytest.mark.parametrize(
    ("fix", "at", "message"),
    [
        ("safety = 'maybe'\nreplace = ''", "safety", "'safety' must be one of safe, unsafe, display"),
        ("safety = 'safe'\nreplace = '\\n'", "replace", "'replace' holds a backslash"),
        (
            "safety = 'safe'\nreplace = '{gruop}'",
            "replace",
            "'replace' names {gruop}, but the match has only group, te",
        ),
        ("safety = 'safe'\nreplace = 'x'\ntarget = 'gruop'", "target", "'target' names the group 'gruop', which not"),
        ("safety = 'safe'\nreplace = 'x'\ndelete = 'line'", "delete", "a fix either deletes or replaces"),
        ("safety = 'safe'\ndelete = 'word'", "delete", "'delete' must be one of span, line, not 'word'"),
        (
            "safety = 'safe'\ndelete = 'span'\ntarget = 'group'",
            "target",
            "'target' says what 'replace' is written over",
        ),
        ("safety = 'safe'", "[rule.fix]", "a fix needs 'replace', 'delete' or 'advice'"),
        ("safety = 'safe'\nreplaced = 'x'", "replaced", "unknown key 'replaced' in [rule.fix]"),
    ],
)
def test_an_error_in_a_fix_names_its_line(tmp_path: Path, fix: str, at: str, message: str) -> None:
    path = write_rule(tmp_path, "pattern = '(?P<group>BAD)'", fix=fix)

    ((line, said),) = problems(path)

    assert said.startswith(message)
    assert line == line_of(path, at)


def test_a_target_must_be_a_group_of_every_pattern(tmp_path: Path) -> None:
    patterns = "patterns = ['(?P<one>BAD)', 'WORSE']"
    path = write_rule(tmp_path, patterns, fix="safety = 'safe'\nreplace = 'x'\ntarget = 'one'")

    assert problems(path) == [(line_of(path, "target"), "'target' names the group 'one', which not every pattern has")]


@pytest.mark.parametrize(
    ("kind", "match", "at", "message"),
    [
        ("chars", "", "[rule.match]", "a chars rule needs 'chars'"),
        ("chars", "chars = ['ab']", "chars", "'ab' is neither one character nor a range of two"),
        ("chars", "chars = ['z-a']", "chars", "'z-a' is neither one character nor a range of two"),
        ("chars", "chars = ['']", "chars", "'' is neither one character nor a range of two"),
        ("metric", "metric = 'words'", "[rule.match]", "a metric rule needs 'below' or 'above'"),
        ("metric", "metric = 'wrds'\nbelow = 1", "metric", "'metric' must be one of words, "),
        ("python", "detector = 'blank'\nbuilds_on = ['ocrr']", "builds_on", "'builds_on' names families (encoding, oc"),
        ("python", "detector = 'no_such'", "detector", "'detector' must be one of"),
        ("python", "detector = 'stub_sentence'\ncandidates = ['(']", "candidates", "candidates: RE2 refuses '('"),
        ("phrases", "phrases = ['<url>']\nscope = 'page'", "scope", "'scope' must be one of line"),
        ("phrases", "", "[rule.match]", "a phrases rule needs 'phrases' or 'table'"),
        ("phrases", "phrases = ['a', ' ']", "phrases", "phrase ' ' is blank or holds a line break"),
        ("phrases", 'phrases = ["a\\nb"]', "phrases", "phrase 'a\\nb' is blank or holds a line break"),
        (
            "phrases",
            "phrases = ['<nn> comments']",
            "phrases",
            "unknown placeholder <nn> in '<nn> comments'; known: <n>",
        ),
        ("phrases", "table = '../x.tsv'", "table", "'table' must be the name of a .tsv file beside the rule"),
        ("phrases", "table = 'absent.tsv'", "table", "'table' must be the name of a .tsv file beside the rule"),
    ],
)
def test_an_error_in_another_kind_names_its_line(tmp_path: Path, kind: str, match: str, at: str, message: str) -> None:
    path = write_rule(tmp_path, match, kind=kind)

    ((line, said),) = problems(path)

    assert said.startswith(message)
    assert line == line_of(path, at)


def test_a_metric_rule_cannot_edit(tmp_path: Path) -> None:
    path = write_rule(tmp_path, "metric = 'words'\nbelow = 3", kind="metric", fix="safety = 'safe'\nreplace = 'x'")

    assert problems(path) == [
        (line_of(path, "[rule.fix]"), "a metric rule speaks of the whole document: its fix can only give 'advice'")
    ]


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        (b"good\n bad \tx\n", 2, "blanks around a phrase"),
        (b"# comment\n\ntwice\ntwice\tx\n", 4, "phrase 'twice' stands in the table twice"),
        (b"good\nbad <nmae>\n", 2, "unknown placeholder <nmae> in 'bad <nmae>'"),
        (b"good\nb\xffd\n", 1, "is not UTF-8 at byte 6"),
    ],
)
def test_an_error_in_a_phrase_table_names_the_table_and_its_line(
    tmp_path: Path, rows: bytes, line: int, message: str
) -> None:
    path = write_rule(tmp_path, "table = 'rows.tsv'", kind="phrases")
    table = path.with_name("rows.tsv")
    table.write_bytes(rows)

    with pytest.raises(RuleErrors) as caught:
        load_rule(path)

    (error,) = caught.value.errors
    assert (error.path, error.line) == (table, line)
    assert error.message.startswith(message)


def test_a_phrase_table_has_comments_and_replacements(tmp_path: Path) -> None:
    path = write_rule(tmp_path, "table = 'rows.tsv'", kind="phrases")
    path.with_name("rows.tsv").write_text("# what\tto write\n\nin order too\tin order to\nbe well\nall\t\n", "utf-8")

    match = load_rule(path).match

    assert isinstance(match, PhrasesMatch)
    assert match.phrases == (Phrase("in order too", "in order to"), Phrase("be well"), Phrase("all", ""))


def test_chars_and_metrics_load(tmp_path: Path) -> None:
    chars = make_rule(tmp_path, 'chars = ["\\u200B", "a-c", "-"]', kind="chars").match
    metric = make_rule(tmp_path, "metric = 'words'\nbelow = 3", kind="metric").match

    assert isinstance(chars, CharsMatch)
    assert isinstance(metric, MetricMatch)
    assert chars.ranges == ((0x200B, 0x200B), (97, 99), (45, 45))
    assert (metric.below, metric.above) == (3.0, None)


@pytest.mark.parametrize(
    ("data", "line", "message"), [(b"\xff", 1, "is not UTF-8"), (b"[rule]\nx = \n", 2, "is not TO")]
)
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes, line: int, message: str) -> None:
    path = write_rule(tmp_path)
    path.write_bytes(data)

    ((at, said),) = problems(path)

    assert (at, said.startswith(message)) == (line, True)


def test_all_errors_of_all_files_come_at_once(tmp_path: Path) -> None:
    one = write_rule(tmp_path / "a", "pattern = '('", fix="safety = 'maybe'", severity="fatal", bad="unmarked")
    two = write_rule(tmp_path / "b", "ptn = 'x'", name="other", code="OCR900")
    twin = write_rule(tmp_path / "b", name="twin", code="OCR901")
    again = write_rule(tmp_path / "b", name="again", code="OCR901")
    same = write_rule(tmp_path / "b", name="twin", code="MT901")

    with pytest.raises(RuleErrors) as caught:
        load_rules([tmp_path / "a", tmp_path / "b", tmp_path / "empty"])

    found = [(error.path, error.line) for error in caught.value.errors]
    assert found == [
        (one, line_of(one, "severity")),
        (one, line_of(one, "pattern")),
        (one, line_of(one, "safety")),
        (one, line_of(one, "text")),
        (two, line_of(two, "[rule.match]")),
        (tmp_path / "empty", 1),
        (twin, line_of(twin, "code")),
        (same, line_of(same, "name")),
    ]
    assert f"is already the rule of {again}" in str(caught.value)
    assert str(caught.value).count("\n") == len(found) - 1


def test_a_file_without_a_rule(tmp_path: Path) -> None:
    path = write_rule(tmp_path)
    path.write_text("# nothing yet\n", "utf-8")

    assert problems(path) == [(1, "the file needs the key 'rule'")]


def test_the_folder_must_be_a_family(tmp_path: Path) -> None:
    path = tmp_path / "odd" / "probe.toml"
    path.parent.mkdir()
    path.write_text(rule_text(), "utf-8")

    ((line, message),) = problems(path)

    assert line == 1
    assert message.startswith("the folder must be a family (encoding, ocr, ")


def test_users_may_have_a_prefix_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "boilerplate" / "probe.toml"
    path.parent.mkdir()
    path.write_text(rule_text(code="ACME001"), "utf-8")

    checker = Checker(select=["ACME"], rules=tmp_path)

    assert [(rule.code, rule.family) for rule in checker.rules] == [("ACME001", "boilerplate")]


def test_rules_are_equal_by_their_code(tmp_path: Path) -> None:
    one, same = make_rule(tmp_path / "a"), make_rule(tmp_path / "b", "pattern = 'x'")
    other: Rule = make_rule(tmp_path, code="OCR900", name="other")

    assert one == same
    assert hash(one) == hash(same)
    assert one not in (other, "TYP900")
