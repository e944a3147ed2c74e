"""The noisy channel, the lexicon, the gate and the examination of a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qcheck
from qcheck.document import Document
from qcheck.recognition.features import Evidence, noise_level
from qcheck.recognition.gate import Gate
from qcheck.recognition.judge import Judge
from qcheck.recognition.lexicon import Lexicon, load_lexicon, log_count
from qcheck.recognition.page import NOTHING, load_page_reader
from qcheck.recognition.parting import parted, unglued
from qcheck.rules import rules_folder

TABLES = rules_folder() / "ocr" / "en"
SCAN = (
    "The counsel for tho defence asked whether the witncss had seen the prisoner near tlie gatc on Monday, "
    "and he answored that he bad been there In the morning with the secre tary of the society."
)
SOUND = "The counsel for the defence asked whether the witness had seen the prisoner near the gate on Monday."


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(TABLES)


def read(raw):
    return load_page_reader(TABLES).extractor.tokens(raw)[0].reading


def best(word):
    candidates = read(word).candidates
    return candidates[0].word if candidates else None


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("witncss", "witness"),
        ("hnvlng", "having"),
        ("ditliculty", "difficulty"),
        ("uch", "such"),
        ("Avestern", "western"),
        ("fliortly", "shortly"),
        ("morniug", "morning"),
    ],
)
def test_the_channel_finds_the_word_behind(seen, meant):
    assert best(seen) == meant


def test_common_words_are_known_and_counted(lexicon):
    assert lexicon.words["the"] > lexicon.words["gate"] > lexicon.words["turnstile"]
    assert "tho" not in lexicon.words
    assert "witncss" not in lexicon.words


def test_the_commonest_words_stand_first(lexicon):
    assert lexicon.little == {word for word, count in lexicon.words.items() if count >= 18.5}


@pytest.mark.parametrize(
    ("text", "bounds"), [("witncss", (4, 5)), ("morning", (7, 0)), ("xqmorning", (1, 2)), ("", (0, 0))]
)
def test_a_slip_lies_where_no_word_begins_or_ends_so(lexicon, text, bounds):
    first, last = lexicon.bounds(text)
    assert (first, last) == bounds
    assert any(word.startswith(text[:first]) for word in lexicon.words)
    assert any(word.endswith(text[last:]) for word in lexicon.words)


@pytest.mark.parametrize(
    ("before", "word", "after"), [("had", "been", "a"), ("xyzzy", "been", "seen"), ("", "the", "")]
)
def test_between_is_two_pairs(lexicon, before, word, after):
    assert lexicon.between(before, [word], after) == [lexicon.pair(before, word) + lexicon.pair(word, after)]


def test_pairs_tell_company(lexicon):
    assert lexicon.pair("had", "been") > 0 > lexicon.pair("the", "been")
    assert lexicon.pair("of", "xyzzy") == 0.0


def test_noise_is_odder_than_english(lexicon):
    assert lexicon.oddness("morning") < lexicon.oddness("mqxvtlig")


@given(st.text(max_size=12))
def test_bounds_and_oddness_take_any_text(text):
    first, last = load_lexicon(TABLES).bounds(text)
    assert 0 <= first <= len(text)
    assert 0 <= last <= len(text)
    assert load_lexicon(TABLES).oddness(text) >= 0


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("12,500", "number"),
        ("8th", "number"),
        ("www.example.org", "address"),
        ("café", "known"),
        ("M'Gregor", "name"),
        ("r^ady", "inside"),
        ("th0", "digits"),
        ("witncss", "unknown"),
        ("twenty-one", "compound"),
        ("■", "symbols"),
    ],
)
def test_kinds_of_tokens(raw, kind):
    assert read(raw).kind == kind


def test_a_word_parted_at_a_line_end_is_one_token():
    tokens = load_page_reader(TABLES).extractor.tokens("the commit-\ntee met")
    assert [token.reading.kind for token in tokens] == ["known", "known", "known"]


def test_a_sign_counts_once_and_long_texts_need_more():
    gate = Gate(["tbe", "[0-9]x"], ["zq"])
    assert _passes(gate, b"tbe end")
    assert _passes(gate, b"a zq")
    assert not _passes(gate, b"the end")
    long = b"the end " * 400
    assert not _passes(gate, b"tbe tbe tbe zq " + long)
    assert _passes(gate, b"tbe 1x 3x " + long)
    assert not gate.may_have_signs(long, 0, len(long))
    assert gate.may_have_signs(b"tbe " + long, 0, len(long))
    assert gate.may_have_signs(b"the end", 0, 7)


def _passes(gate, data):
    return gate.has_signs(data, 0, len(data))


def test_the_judge_adds_weights():
    judge = Judge({"bias": -1.0, "a": 2.0})
    wrong, right = (Evidence(0, read("witncss"), [(list, (name,))], (), False, False) for name in "ab")
    assert wrong.features == [*read("witncss").features, "a"]
    assert judge.probability(wrong) > 0.5 > judge.probability(right)
    assert judge.probability(wrong) == judge.probability(wrong)


def test_noise_levels_rise():
    assert noise_level(0, 300) < noise_level(10, 300) < noise_level(100, 300) <= 8


def test_log_counts_are_halves():
    assert log_count(1000.0) * 2 == round(log_count(1000.0) * 2)


def test_sound_text_is_not_examined():
    assert Document(SOUND).recognition.regions == ()


def test_a_scan_is_examined_and_rated():
    examination = Document(SCAN).recognition
    assert examination.covers(0)
    assert 0.1 < examination.error_rate < 0.5
    assert examination.deviation > 0
    assert all(a.end <= b.start for a, b in zip(examination.suspects, examination.suspects[1:], strict=False))


def test_the_rate_is_in_the_report():
    metrics = qcheck.check(SCAN).to_dict()["metrics"]
    assert 0 < metrics["ocr_word_error_rate"] < 1
    assert "ocr_word_error_rate" not in qcheck.check(SOUND).to_dict()["metrics"]


def test_suggestions_mend_the_text():
    fixed = qcheck.check(SCAN).fixed(unsafe=True)
    assert fixed.startswith("The counsel for the defence asked whether the witness had seen the prisoner near the gate")
    assert "secretary" in fixed


@pytest.mark.parametrize(("core", "text"), [("fromthe", "from the"), ("antonymy", None), ("Byan", None), ("if", None)])
def test_words_run_together_are_parted_where_they_often_meet(lexicon, core, text):
    found = parted(lexicon, core)
    assert (found.text if found else None) == text


@pytest.mark.parametrize(
    ("core", "text"), [("night,and", "night, and"), ("that'the", "that the"), ("done.and", "done and"), ("a.m", None)]
)
def test_marks_between_words_get_their_blank(lexicon, core, text):
    assert unglued(lexicon, core) == text


def test_specks_and_halves_over_a_line_are_mended():
    fixed = qcheck.check(SCAN.replace("asked", "asked »").replace("society", "soci-\netv")).fixed(unsafe=True)
    assert "asked whether" in fixed
    assert "soci-\nety" in fixed


def test_a_sound_text_in_another_language_is_not_examined():
    text = "Der Bürgermeister sagte, daß die neue Brücke erst im nächsten Jahr fertig werde, da es an Geld fehle. "
    assert Document(text * 3).recognition.regions == ()


@given(st.text(alphabet=st.sampled_from("tbehoi rn.,'^~1»\n-Aé"), max_size=80))
def test_any_noise_is_taken(text):
    report = qcheck.check(SCAN + "\n" + text)
    assert not report.errors
    assert all(0 <= f.start < f.end <= len(report.document.text) for f in report.findings if f.rule.family == "ocr")


def test_a_letter_in_two_languages_is_no_scan() -> None:
    text = (
        "Dear Anna, thank you for the parcel, which came on Tuesday.\n\n"
        "Liebe Anna, vielen Dank für das Paket, das am Dienstag kam und nicht nass war; wir haben es mit den Kindern "
        "auf dem Tisch ausgepackt, und die Grossmutter hat sich über den Schal gefreut.\n\nYours, Ruth"
    )

    assert Document(text).recognition == NOTHING
