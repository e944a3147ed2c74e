from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from urllib import request

import pytest

from qcheck import Document
from qcheck.metrics import METRICS, READABILITY, readability

PROSE = "The river rose again on Sunday. The council closed the bridge, and the lorries took the long way round. " * 3


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("words", "one  two\nthree", 3),
        ("characters", "é😀\n", 3),
        ("sentences", "One. Two! Three", 3),
        ("lines", "one\n\n \ntwo\n", 2),
        ("mean_word_length", "a bbb", 2),
        ("mean_word_length", " ", 0),
        ("share_of_letters", "ab 1.", 0.5),
        ("share_of_letters", " \n", 1),
        ("share_of_replacement_characters", "a\ufffdb\ufffd", 0.5),
        ("share_of_replacement_characters", "", 0),
    ],
)
def test_metric(name: str, text: str, value: float) -> None:
    assert METRICS[name](Document(text)) == value


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("text", ["", "\ud800", "\x00", "\n\n", "a"])
def test_every_metric_has_a_value_for_any_text(name: str, text: str) -> None:
    assert METRICS[name](Document(text)) >= 0


def test_readability_is_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*args: object, **kwargs: object) -> None:
        pytest.fail("reached for the network")

    monkeypatch.setattr(socket, "socket", no_network)
    monkeypatch.setattr(socket, "create_connection", no_network)
    monkeypatch.setattr(request, "urlopen", no_network)

    figures = readability(Document(PROSE))

    assert tuple(figures) == READABILITY
    assert all(0 < figure < 15 for figure in figures.values())


@pytest.mark.parametrize("text", ["", "Nineteen words. " * 9, "река " * 30, "- " * 30, "\ud800 " * 30, "12 " * 30])
def test_readability_is_empty_where_it_means_nothing(text: str) -> None:
    assert readability(Document(text)) == {}


def run(program: str) -> tuple[int, str]:
    source = Path(__file__).parent.parent / "src"
    done = subprocess.run(
        [sys.executable, "-c", program, PROSE],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(source)},
    )
    return done.returncode, done.stderr


def test_textstat_and_langdetect_are_not_imported_by_a_check() -> None:
    program = (
        "import sys, qcheck; qcheck.check(sys.argv[1]).score; "
        "sys.exit(', '.join({'textstat', 'langdetect', 'nltk', 'ftfy', 'tqdm', 'tabulate'} & set(sys.modules)) or 0)"
    )

    assert run(program) == (0, "")


def test_nltk_is_not_imported_for_readability_but_is_there_for_who_asks() -> None:
    program = (
        "import sys, qcheck; assert qcheck.check(sys.argv[1]).readability; assert 'nltk' not in sys.modules; "
        "asks = sys.modules['textstat.backend.utils._get_cmudict'].nltk; assert asks.__version__; "
        "import nltk; from nltk.metrics import edit_distance; assert asks.data is nltk.data and asks is not nltk"
    )

    assert run(program) == (0, "")


def test_nltk_that_is_there_already_stays() -> None:
    program = (
        "import nltk, sys, qcheck; assert qcheck.check(sys.argv[1]).readability; assert sys.modules['nltk'] is nltk; "
        "assert sys.modules['textstat.backend.utils._get_cmudict'].nltk is nltk"
    )

    assert run(program) == (0, "")


def test_a_textstat_that_wants_all_of_nltk_gets_it(tmp_path: Path) -> None:
    both = "def automated_readability_index(text): return 7\ncoleman_liau_index = automated_readability_index\n"
    (tmp_path / "textstat.py").write_text(f"import nltk.metrics\n{both}", "utf-8")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import qcheck; "
        "assert qcheck.check(sys.argv[1]).readability['coleman_liau_index'] == 7; assert sys.modules['nltk'].metrics"
    )

    assert run(program) == (0, "")
