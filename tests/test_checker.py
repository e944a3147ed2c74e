from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

import qcheck
from qcheck import Checker, Document, QcheckError, Report, Settings, Verdict
from qcheck.errors import SelectionError
from qcheck.rules import default_rules
from qcheck.rules.selection import select_rules
from rulekit import make_checker, make_rule, write_rule

PROSE = "The river rose again on Sunday. The council closed the bridge, and the lorries took the long way round. " * 3


def test_a_checker_runs_the_stable_rules_by_default() -> None:
    assert Checker().rules == select_rules(default_rules())
    assert Checker(preview=True).rules == select_rules(default_rules(), preview=True)


@pytest.mark.parametrize("select", ["MT201", ["MT201"], ("detached-period",), iter(["MT201"])])
def test_a_word_or_many(select: str | list[str]) -> None:
    assert [rule.code for rule in Checker(select=select).rules] == ["MT201"]


@pytest.mark.parametrize("kind", [str, Path, lambda path: [path], lambda path: [str(path)]])
def test_a_folder_of_rules_or_many(tmp_path: Path, kind: type[str]) -> None:
    write_rule(tmp_path)

    checker = Checker(select="TYP900", rules=kind(tmp_path))

    assert [f.text for f in checker.check("a BAD day").findings] == ["BAD"]


def test_arguments_add_to_the_settings(tmp_path: Path) -> None:
    write_rule(tmp_path)
    write_rule(tmp_path, code="TYP901", name="other")
    settings = Settings(select=("TYP900", "TYP901", "MT201"), ignore=("MT201",), extend_rules=(tmp_path,))

    assert [rule.code for rule in Checker(config=settings).rules] == ["TYP900", "TYP901"]
    assert [rule.code for rule in Checker(config=settings, ignore="other").rules] == ["TYP900"]
    assert [rule.code for rule in Checker(config=settings, select="TYP901").rules] == ["TYP901"]


def test_a_settings_file_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "qcheck.toml"
    path.write_text('select = ["MT201"]', "utf-8")

    for config in (path, str(path)):
        assert [rule.code for rule in Checker(config=config).rules] == ["MT201"]


def test_wrong_words_and_files_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match="detached-period"):
        Checker(select=["detached-perod"])
    with pytest.raises(QcheckError, match="cannot be read"):
        Checker(config=tmp_path / "none.toml")


def test_a_checker_is_pickled_with_its_rules_settings_and_weights(tmp_path: Path) -> None:
    write_rule(tmp_path)
    settings = Settings(select=("TYP900",), extend_rules=(tmp_path,), per_file_ignores={"*.md": ("TYP900",)})
    checker = Checker(config=settings)

    again = pickle.loads(pickle.dumps(checker))

    assert (again.rules, again.settings, again.weights) == (checker.rules, settings, checker.weights)
    assert [len(again.check("BAD", id_).findings) for id_ in ("a.txt", "a.md")] == [1, 0]


def test_a_report_is_pickled_whole(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, fix="safety = 'safe'\nreplace = 'good'")
    report = checker.check("é a BAD day", "x")

    again = pickle.loads(pickle.dumps(report))

    assert again.to_dict() == report.to_dict()
    assert again.fixed() == "é a good day"
    assert again.findings[0].document is again.document


def test_check_refuses_what_is_no_str() -> None:
    with pytest.raises(TypeError, match="must be a str, not NoneType"):
        qcheck.check(None)  # type: ignore[arg-type]


def test_check_many_takes_texts_pairs_and_documents_as_they_come(tmp_path: Path) -> None:
    taken: list[int] = []
    items = ["BAD", ("b", "a BAD"), Document("c", "d"), (None, "BAD BAD")]

    def source() -> Iterator[object]:
        for n, item in enumerate(items):
            taken.append(n)
            yield item

    reports = make_checker(tmp_path).check_many(source())  # type: ignore[arg-type]

    assert taken == []
    first = next(reports)
    assert (taken, first.id, len(first.findings)) == ([0], None, 1)
    assert [(r.id, len(r.findings)) for r in reports] == [("b", 1), ("d", 0), (None, 2)]


ADVICE = "safety = 'display'\nadvice = 'one will do'"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("rules")
    rules = [
        make_rule(folder, fix="safety = 'unsafe'\nreplace = 'good'"),
        make_rule(
            folder, "pattern = ',,'", code="TYP901", name="commas", fix="safety = 'display'\nadvice = 'one will do'"
        ),
        make_rule(folder, "pattern = '!!'", code="TYP902", name="marks", severity="info", confidence="low"),
    ]
    return Checker.of_rules(rules).check(PROSE + "\né a BAD day,, at last!!\n", "docs/a.txt")


def test_the_dict_is_the_documented_object(report: Report) -> None:
    made = report.to_dict()

    assert list(made) == [
        "id", "path", "score", "verdict", "language", "words", "families", "metrics", "findings", "error",
    ]  # fmt: skip
    assert (made["id"], made["path"], made["language"], made["words"]) == ("docs/a.txt", "docs/a.txt", "en", 63)
    assert list(made["metrics"]) == ["sentences", "automated_readability_index", "coleman_liau_index"]
    assert made["error"] is None
    assert made["score"] == round(report.score.value, 1)
    assert made["verdict"] == report.score.verdict
    assert made["families"] == {"typography": round(100 - report.score.value, 1)}
    start = len(PROSE) + 5
    assert made["findings"][0] == {
        "rule": "TYP900",
        "name": "probe",
        "family": "typography",
        "severity": "error",
        "confidence": "high",
        "start": start,
        "end": start + 3,
        "line": 2,
        "column": 5,
        "byte_start": start + 1,
        "byte_end": start + 4,
        "text": "BAD",
        "message": "found BAD",
        "fix": {
            "safety": "unsafe",
            "edits": [{"start": start, "end": start + 3, "replacement": "good"}],
            "candidates": [],
        },
    }
    assert made["findings"][1]["fix"] == {
        "safety": "display",
        "edits": [],
        "candidates": [],
        "advice": "one will do",
    }
    assert made["findings"][2]["fix"] is None
    assert all(type(value) is str for value in (made["verdict"], *made["families"], made["findings"][0]["severity"]))


def test_fixed_applies_safe_fixes_and_unsafe_ones_on_demand(report: Report) -> None:
    assert report.fixed() == report.document.text
    assert report.fixed(unsafe=True) == report.document.text.replace("BAD", "good")


def test_properties_of_findings_are_those_of_their_rules(report: Report) -> None:
    finding = report.findings[2]

    assert (finding.severity, finding.confidence, finding.severity.rank) == ("info", "low", 0)
    assert report.language == "en"
    assert report.score.verdict in tuple(Verdict)
    assert repr(report) == f"Report(id='docs/a.txt', score={report.score.value:.1f}, findings=3)"


def test_a_report_with_many_findings_is_made_in_linear_time(tmp_path: Path) -> None:
    report = make_checker(tmp_path).check("é BAD\n" * 10_000)

    rows = report.to_dict()["findings"]

    assert (rows[-1]["line"], rows[-1]["byte_end"]) == (10_000, len(report.document.data) - 1)


def test_one_text_is_not_taken_for_many() -> None:
    with pytest.raises(TypeError, match="pass \\[text\\]"):
        next(qcheck.Checker().check_many("The mill said it would close."))
