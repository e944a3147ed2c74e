"""The mojibake rule against the installed ftfy, and edits that touch nothing but what is broken."""

from __future__ import annotations

import ftfy.badness
import pytest

from qcheck.checker import Checker
from qcheck.rules import default_rules
from qcheck.rules.model import PythonMatch

RULE = next(rule for rule in default_rules() if rule.name == "mojibake")
CHECKER = Checker.of_rules([RULE])


def _in_re2_syntax(verbose: str) -> str:
    """A verbose pattern without its layout, with Unicode classes spelt out and invisible characters escaped."""
    lines = [line for line in verbose.split("\n") if not line.strip().startswith("#")]
    kept, in_class = "", False
    for char in "\n".join(lines):
        in_class = char == "[" or (in_class and char != "]")
        kept += char if in_class or not char.isspace() else ""
    kept = kept.replace(r"\w", r"[\p{L}\p{N}_]").replace(r"\s", r"[\s\x{a0}]")
    return "".join(c if c.isprintable() and c not in "\xa0\xad" else f"\\x{{{ord(c):x}}}" for c in kept)


def test_the_candidates_are_the_badness_pattern_of_the_installed_ftfy() -> None:
    assert isinstance(RULE.match, PythonMatch)
    assert RULE.match.candidates == (_in_re2_syntax(ftfy.badness.BADNESS_RE.pattern),)


FRENCH, POLISH, RUSSIAN = (
    "“Où est-il ?” – demanda-t-elle à l’été…",
    "Łódź, Kraków i Gdańsk – „miasta”",
    "Привет, как дела?",
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "mac_roman"),
        (FRENCH, "cp1251"),
        (FRENCH, "latin-1"),
        (POLISH, "mac_roman"),
        (POLISH, "latin-1"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "latin-1"),
    ],
)
def test_a_wrong_decoding_is_undone(text: str, encoding: str) -> None:
    broken = text.encode().decode(encoding)
    report = CHECKER.check(f"First line, sound: “naïve”.\n{broken}\n")
    assert report.fixed() == f"First line, sound: “naïve”.\n{text}\n"
    assert all(finding.line == 2 for finding in report.findings)


def test_edits_are_minimal() -> None:
    report = CHECKER.check("The cafÃ© on the â€œcornerâ€\x9d is closed")
    assert [(e.start, e.end, e.replacement) for f in report.findings if f.fix for e in f.fix.edits] == [
        (7, 9, "é"),
        (17, 20, "“"),
        (26, 29, "”"),
    ]
