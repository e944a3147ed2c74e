"""The scan as a whole: the fast path against a plain one, offsets on every kind of text, and what goes wrong inside."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qcheck
from qcheck import Checker, Document, Edit, Finding, Rule
from qcheck import document as document_module
from qcheck.document import WINDOW, Span
from qcheck.rules import default_rules
from qcheck.rules.proving import unmark
from qcheck.scan.choosing import Gate
from qcheck.scan.hit import Hit
from qcheck.scan.merging import merged
from rulekit import make_checker, make_rule, plant_detector, spans

# Rules that build on the findings of others say something else when they are alone.
RULES = [rule for rule in default_rules() if not getattr(rule.match, "builds_on", ())]
EXAMPLES = [
    unmark(example.text).text
    for rule in default_rules()
    for example in (*rule.examples.bad, *rule.examples.good, *rule.examples.known_failures)
]
FILLER = "The quiet river ran on past the mill — and nobody minded.\n" * (WINDOW // 50)
PIECES = st.sampled_from([*EXAMPLES, FILLER, FILLER.replace("\n", " "), "\n", "\n\n", " ", "😀\ud800\r\n"])


def told(findings: tuple[Finding, ...]) -> list[tuple[int, int, str, str, object]]:
    return [(f.start, f.end, f.rule.code, f.message, f.fix) for f in findings]


@pytest.fixture(scope="module")
def all_at_once() -> Checker:
    return Checker.of_rules(RULES)


@pytest.fixture(scope="module")
def one_by_one() -> list[Checker]:
    return [Checker.of_rules([rule]) for rule in RULES]


@settings(max_examples=12)
@given(pieces=st.lists(PIECES, min_size=8, max_size=16))
def test_gates_and_windows_change_nothing(all_at_once: Checker, one_by_one: list[Checker], pieces: list[str]) -> None:
    text = FILLER.join([*"".join(pieces).partition("\n"), FILLER])
    fast = all_at_once.check(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document_module, "WINDOW", sys.maxsize // 2)
        patch.setattr(Gate, "fired", lambda gate, piece: list(dict.fromkeys(chain.from_iterable(gate._owners))))
        plain = [finding for checker in one_by_one for finding in checker.check(text).findings]

    assert fast.errors == ()
    assert told(fast.findings) == told(merged(plain))


def test_the_windows_of_this_test_are_many() -> None:
    document = Document(FILLER * 4)

    assert len(document.windows) > 3
    assert len(Document((FILLER + "\n") * 4).blocks) > 3


@pytest.mark.parametrize("scope", ["line", "paragraph", "sentence", "document"])
@pytest.mark.parametrize("engine_name", ["re2", "regex"])
def test_every_scope_is_the_same_in_windows(tmp_path: Path, scope: str, engine_name: str) -> None:
    gate = "\nengine = 'regex'\ngate = ['B']\nreason = 'x'" if engine_name == "regex" else ""
    checker = make_checker(tmp_path, f"pattern = '\\bBAD\\s+(?:\\S+\\s+)?BAD\\b'\nscope = '{scope}'{gate}")
    unit = "One BAD thing BAD.\nBAD\nBAD BAD\n\nBAD\n \r\nBAD x BAD\r\nBAD\n\n\n"
    filler = "Nothing here, of any kind.\n" * 200

    in_windows = [checker.check(unit + (filler + unit) * n).findings for n in (0, 1, 3)]

    once = [(f.start, f.text) for f in in_windows[0]]
    step = len(filler + unit)
    assert once
    for n, findings in zip((1, 3), in_windows[1:], strict=True):
        assert [(f.start, f.text) for f in findings] == [(s + step * k, t) for k in range(n + 1) for s, t in once]


ODD = st.text(
    st.sampled_from("ab .é😀\u0301\ud800\udfff\r\n\n\u2028\x85\x00\t中") | st.characters(), max_size=40
).filter(lambda text: "XQ" not in text)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    folder = tmp_path_factory.mktemp("rules")
    made = [
        make_rule(folder, "pattern = 'XQ9'\ncode = true"),
        make_rule(folder, "pattern = 'XQ9'\nscope = 'document'\ncode = true", code="DUP901", name="whole"),
        make_rule(folder, "phrases = ['XQ9']\ncode = true", kind="phrases", code="OCR902", name="phrase"),
        make_rule(
            folder,
            "pattern = 'XQ9'\ncode = true\nengine = 'regex'\ngate = ['XQ']\nreason = 'x'",
            code="MT903",
            name="other",
        ),
        make_rule(folder, 'chars = ["\\uE0FF"]\ncode = true', kind="chars", code="ENC900", name="chars"),
    ]
    return Checker.of_rules(made)


@given(pieces=st.lists(ODD, min_size=2, max_size=5))
def test_offsets_hold_on_any_text(planted: Checker, pieces: list[str]) -> None:
    text = " XQ9 \ue0ff ".join(piece.replace("\ue0ff", "") for piece in pieces)

    report = planted.check(text)

    marks = [i for i in range(len(text)) if text.startswith("XQ9", i)]
    for code, starts in (("TYP900", marks), ("DUP901", marks), ("OCR902", marks), ("MT903", marks)):
        assert [f.start for f in report.findings if f.rule.code == code] == starts
    assert [f.start for f in report.findings if f.rule.code == "ENC900"] == [m + 4 for m in marks]
    lines = text.split("\n")
    for finding, row in zip(report.findings, report.to_dict()["findings"], strict=True):
        assert finding.text == row["text"] == ("\ue0ff" if finding.rule.code == "ENC900" else "XQ9")
        assert lines[finding.line - 1][finding.column - 1 :].startswith(finding.text)
        data = text.encode("utf-8", "surrogatepass")
        assert data[row["byte_start"] : row["byte_end"]].decode() == finding.text


@given(text=st.text() | st.text(st.sampled_from('\ud800\udfff\x00\r\n\u2028\ufeff😀`."(-a1 '), max_size=80))
def test_a_check_never_raises_on_any_str(all_at_once: Checker, text: str) -> None:
    report = all_at_once.check(text)

    assert report.errors == ()
    assert report.to_dict()["id"] is None
    assert 0 <= report.score.value <= 100
    assert isinstance(report.fixed(unsafe=True), str)
    assert [(f.start, f.end, f.rule.code) for f in report.findings] == sorted(
        {(f.start, f.end, f.rule.code) for f in report.findings}
    )
    for finding in report.findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.start <= edit.end <= len(text)


def test_findings_do_not_depend_on_the_hash_seed() -> None:
    program = "import json, sys, qcheck; print(json.dumps(qcheck.check(sys.stdin.read()).to_dict()))"
    text = "\n\n".join(example for example in EXAMPLES if example.isprintable())
    source = str(Path(qcheck.__file__).parent.parent)

    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=True,
            env={"PYTHONPATH": source, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("1", "2")
    }

    assert len(outputs) == 1


def with_detector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, find: object, match: str = "", is_quiet: object = None
) -> Rule:
    plant_detector(monkeypatch, find, is_quiet)
    return make_rule(tmp_path, f"detector = 'planted'\n{match}", kind="python", fix="safety = 'safe'")


def test_a_detector_is_asked_unless_its_glance_says_that_all_is_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(document: Document, candidates: list[Span], params: object) -> Iterator[Hit]:
        yield Hit(Span(0, 1))

    def is_quiet(document: Document) -> bool:
        return {"Quiet.": True, "Loud.": False}[document.text]

    checker = qcheck.Checker.of_rules([with_detector(tmp_path, monkeypatch, find, is_quiet=is_quiet)])

    assert not checker.check("Quiet.").findings
    assert checker.check("Loud.").findings
    assert checker.check("A glance that fails.").findings


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero"),
        (RecursionError("too deep"), "RecursionError: too deep"),
        (MemoryError("no room"), "MemoryError: no room"),
    ],
)
def test_a_detector_that_fails_costs_neither_the_document_nor_the_other_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def find(document: Document, candidates: list[Span], params: object) -> Iterator[Hit]:
        yield Hit(Span(0, 1))
        raise error

    rule = with_detector(tmp_path, monkeypatch, find)
    other = make_rule(tmp_path, code="TYP901", name="other")

    report = Checker.of_rules([rule, other]).check("a BAD day")

    assert report.errors == (f"TYP900 failed: {said}",)
    assert [f.text for f in report.findings] == ["a", "BAD"]


@pytest.mark.parametrize(
    "hit",
    [
        Hit(Span(3, 2)),
        Hit(Span(-1, 2)),
        Hit(Span(0, 99)),
        Hit(Span(0, 1), target=Span(0, 99)),
        Hit(Span(0, 1), edits=(Edit(0, 99, "x"),)),
        Hit(Span(0, 1), edits=(Edit(3, 4, "x"), Edit(0, 1, "x"))),
        Hit(Span(0, 1), edits=(Edit(0, 3, "x"), Edit(2, 4, "x"))),
    ],
)
def test_a_detector_that_says_nonsense_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hit: Hit) -> None:
    rule = with_detector(tmp_path, monkeypatch, lambda *args: iter([hit]))

    report = Checker.of_rules([rule]).check("some text")

    assert report.findings == ()
    assert report.errors[0].startswith("TYP900 failed: ValueError: the ")


def test_an_interrupt_goes_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(*args: object) -> Iterator[Hit]:
        raise KeyboardInterrupt

    checker = Checker.of_rules([with_detector(tmp_path, monkeypatch, find)])

    with pytest.raises(KeyboardInterrupt):
        checker.check("text")


def test_a_detector_gets_its_candidates_in_order_and_its_parameters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(document: Document, candidates: list[Span], params: dict[str, object]) -> Iterator[Hit]:
        for span in candidates:
            yield Hit(span, {"word": document.slice(span)}, edits=(Edit(*span, str(params["new"])),))

    match = "candidates = ['b+', 'B']\nparams = { new = 'x' }\nunless_before = ['no $']"
    rule = with_detector(tmp_path, monkeypatch, find, match)
    checker = Checker.of_rules([rule])

    report = checker.check("é B bb no b b")

    assert [f.text for f in report.findings] == ["B", "bb", "b"]
    assert report.fixed() == "é x x no b x"
    assert checker.check("none").findings == ()


def test_a_detector_may_offer_candidates_for_a_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = with_detector(tmp_path, monkeypatch, lambda *args: iter([Hit(Span(0, 1), candidates=("x", "y"))]))

    (finding,) = Checker.of_rules([rule]).check("text").findings

    assert finding.fix is not None
    assert (finding.fix.candidates, finding.fix.edits, finding.fix.replacement) == (("x", "y"), (), None)


ENGLISH = "The river rose again on Sunday and the council said that it would close the bridge to the traffic. BAD"
GERMAN = "Der Fluss ist am Sonntag wieder gestiegen, und der Rat hat die Brücke für den Verkehr gesperrt. BAD"


def test_a_rule_speaks_in_its_languages_and_where_the_language_is_unknown(tmp_path: Path) -> None:
    checker = make_checker(tmp_path, head='languages = ["en"]')

    assert [len(spans(checker, text)) for text in (ENGLISH, GERMAN, "BAD")] == [1, 0, 1]
