from __future__ import annotations

from pathlib import Path

import pytest

from qcheck import Checker, QcheckError, Settings, Severity
from qcheck.errors import FileError, SelectionError
from qcheck.settings import INCLUDE
from rulekit import write_rule

EVERYTHING = """
select = ["MT"]
ignore = "OCR"
extend-select = ["TYP"]
extend-rules = ["my/rules"]
preview = true
min-severity = "warning"
fail-under = 70
include = ["*.txt"]
exclude = ["old/"]

[per-file-ignores]
"drafts/*.txt" = ["MT101", "typography"]

[[reports]]
paths = ["seeds"]
markdown = "reports/report.md"
"""


def write(path: Path, source: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")
    return path


def test_every_setting(tmp_path: Path) -> None:
    path = write(tmp_path / "qcheck.toml", EVERYTHING)

    settings = Settings.load(path)

    (report,) = settings.reports
    assert (report.paths, dict(report.outputs)) == (
        (tmp_path / "seeds",),
        {"markdown": tmp_path / "reports" / "report.md"},
    )
    assert settings == Settings(
        select=("MT",),
        ignore=("OCR",),
        extend_select=("TYP",),
        extend_rules=(tmp_path / "my" / "rules",),
        preview=True,
        min_severity=Severity.WARNING,
        fail_under=70.0,
        include=("*.txt",),
        exclude=("old/",),
        per_file_ignores={"drafts/*.txt": ("MT101", "typography")},
        reports=settings.reports,
        path=path,
    )


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    path = write(tmp_path / "qcheck.toml", "")

    assert Settings.load(path) == Settings(path=path)
    assert Settings().include == INCLUDE


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("preview = true\nselct = []", 2, "unknown key 'selct' in the file"),
        ("\nmin-severity = 'fatal'", 2, "'min-severity' must be one of error, warning, info"),
        ("fail-under = 101", 1, "'fail-under' must be a score from 0 to 100, not 101"),
        ("fail-under = nan", 1, "'fail-under' must be a score from 0 to 100, not nan"),
        ("preview = 'yes'", 1, "'preview' must be true or false"),
        ("[per-file-ignores]\n'a' = [1]", 2, "'a' must be a list of strings"),
        ("[[reports]]\nhtml = 'x'", 1, "a report needs 'paths'"),
        ("[[reports]]\npaths = ['a']\n[[reports]]\npaths = ['b']\nhtml = 1", 5, "'html' must be a string"),
        ("select = [", 1, "is not TOML"),
    ],
)
def test_a_wrong_setting_names_its_line(tmp_path: Path, source: str, line: int, message: str) -> None:
    path = write(tmp_path / "qcheck.toml", source)

    with pytest.raises(FileError) as caught:
        Settings.load(path)

    assert (caught.value.path, caught.value.line) == (path, line)
    assert caught.value.message.startswith(message)


def test_unknown_key_in_pyproject_names_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "pyproject.toml", "[project]\nname = 'x'\n[tool.other]\na = 1\n[tool.qcheck]\na = 1\n")

    with pytest.raises(FileError, match=r"pyproject\.toml:6: unknown key 'a' in \[tool\.qcheck\]"):
        Settings.load(path)


@pytest.mark.parametrize("source", ["", "[tool]\n", "[tool.other]\nx = 1\n"])
def test_pyproject_without_a_section_has_no_settings(tmp_path: Path, source: str) -> None:
    path = write(tmp_path / "pyproject.toml", source)

    with pytest.raises(FileError, match=r"has no \[tool\.qcheck\]"):
        Settings.load(path)


def test_the_nearest_file_is_taken_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = write(tmp_path / "pyproject.toml", "[tool.qcheck]\nignore = ['MT']\npreview = true\n")
    near = write(tmp_path / "a" / "qcheck.toml", "ignore = ['OCR']\n")
    write(tmp_path / "a" / "b" / "pyproject.toml", "[project]\nname = 'x'\n")
    (tmp_path / "c").mkdir()

    assert Settings.nearest(tmp_path / "a" / "b") == Settings(ignore=("OCR",), path=near)
    assert Settings.nearest(tmp_path / "c") == Settings(ignore=("MT",), preview=True, path=top)
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert Settings.nearest(Path()).ignore == ("OCR",)


def test_qcheck_toml_goes_before_pyproject(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.qcheck]\nignore = ['MT']\n")
    path = write(tmp_path / "qcheck.toml", "")

    assert Settings.nearest(tmp_path) == Settings(path=path)


def test_without_a_file_there_are_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_file", lambda self: False)

    assert Settings.nearest(Path("/")) == Settings()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_rule(tmp_path / "my")
    write(
        tmp_path / "project" / "qcheck.toml",
        'select = ["TYP900"]\nextend-rules = ["../my"]\n[per-file-ignores]\n"drafts/*.txt" = ["probe"]\n'
        '"*.md" = ["typography"]\n',
    )
    return tmp_path / "project"


@pytest.mark.parametrize(
    ("id_", "count"),
    [
        ("{project}/a.txt", 1),
        ("{project}/drafts/a.txt", 0),
        ("{project}/drafts/../drafts/a.txt", 0),
        ("{project}/deep/drafts/a.txt", 1),
        ("{project}/deep/a.md", 0),
        ("drafts/a.txt", 0),
        ("elsewhere/drafts/a.txt", 1),
        pytest.param("a\0b.txt", 1, id="NUL"),
        pytest.param("\udcff.txt", 1, id="a name that is not UTF-8"),
        pytest.param("x" * 5000, 1, id="too long"),
        (None, 1),
    ],
)
def test_per_file_ignores_count_from_the_settings_file(
    project: Path, id_: str | None, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    checker = Checker(config=project / "qcheck.toml")

    report = checker.check("a BAD day", id_.format(project=project) if id_ else None)

    assert len(report.findings) == count


def test_relative_ids_count_from_the_working_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "drafts").mkdir()
    monkeypatch.chdir(project / "drafts")

    assert Checker(config="../qcheck.toml").check("a BAD day", "a.txt").findings == ()


def test_a_loop_of_links_is_no_crash(project: Path) -> None:
    (project / "loop").symlink_to(project / "loop")

    assert len(Checker(config=project / "qcheck.toml").check("BAD", str(project / "loop" / "a.txt")).findings) == 1


def test_settings_without_a_file_match_ids_as_they_are(tmp_path: Path) -> None:
    write_rule(tmp_path)
    settings = Settings(extend_rules=(tmp_path,), select=("TYP900",), per_file_ignores={"drafts/": ("probe",)})

    checker = Checker(config=settings)

    assert [len(checker.check("BAD", id_).findings) for id_ in ("drafts/a", "a")] == [0, 1]


@pytest.mark.parametrize("line", ["select = ['nosuch']", "ignore = ['nosuch']", "[per-file-ignores]\na = ['nosuch']"])
def test_words_of_the_settings_must_name_something(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "qcheck.toml", line)

    with pytest.raises(SelectionError, match="no rule, prefix or family is called 'nosuch'"):
        Checker(config=path)


def test_a_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "qcheck.toml", "extend-rules = ['none']")

    with pytest.raises(QcheckError, match=r"none:1: holds no rules; they stand at <family>/<name>\.toml below it"):
        Checker(config=path)
