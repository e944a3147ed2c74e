from __future__ import annotations

import langdetect
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langdetect.detector import Detector

from qcheck import language, language_profiles

PROSE = {
    "en": "The river rose again on Sunday and the council said that it would close the bridge to all of the traffic.",
    "de": "Der Fluss ist am Sonntag wieder gestiegen, und der Rat hat die Brücke für den Verkehr gesperrt.",
    "fr": "Le fleuve est monté dans la nuit et le conseil a fermé le pont pour les camions, qui passent par la ville.",
    "nl": "De rivier is in de nacht gestegen en het bestuur van de stad heeft de brug voor het verkeer dicht.",
}

OTHERS = (
    "Река снова поднялась в воскресенье, и городской совет закрыл старый мост для всех грузовых машин.",
    "Ποταμός και γέφυρα: το συμβούλιο έκλεισε τον δρόμο.",
    "星期天河水又上涨了，市议会关闭了旧桥。",
    "日曜日に川が再び増水し、市議会は古い橋を閉鎖した。",
    "Sông lại dâng cao vào Chủ nhật và hội đồng thành phố đã đóng cửa cây cầu cũ.",
    "Rzeka znów wezbrała w niedzielę, a rada miasta zamknęła stary most.",
)


@pytest.mark.parametrize("code", PROSE)
def test_prose_is_known_by_its_function_words_alone(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_profiles, "most_likely_language", lambda text: pytest.fail("langdetect was asked"))

    assert language.detect(PROSE[code]) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (OTHERS[0], "ru"),
        ("Die Räte sperrten gestern überraschend sämtliche Brücken; Lastwagenfahrer protestierten lautstark.", "de"),
    ],
)
def test_langdetect_decides_what_function_words_leave_open(text: str, code: str) -> None:
    assert {language.detect(text) for _ in range(5)} == {code}


@pytest.mark.parametrize("text", ["", "   ", "Short title", "12 345 678", "😀" * 200, "\ud800" * 200, "— … —" * 50])
def test_too_little_to_tell(text: str) -> None:
    assert language.detect(text) == "und"


def test_langdetect_is_not_asked_about_few_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_profiles, "most_likely_language", lambda text: pytest.fail("langdetect was asked"))

    assert language.detect("Kurze Zeile ohne viel Text") == "und"


def test_what_langdetect_gives_up_on_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(text: str) -> str:
        raise langdetect.LangDetectException(0, "no features in text")

    monkeypatch.setattr(language_profiles, "most_likely_language", give_up)

    assert language.detect("Wörter ohne Sinn " * 10) == "und"


@pytest.mark.parametrize("text", [*PROSE.values(), *OTHERS, *(text[:7] for text in OTHERS)])
def test_the_answer_is_that_of_langdetect_to_the_last_bit(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(langdetect.DetectorFactory, "seed", 0)
    ours = Detector(language_profiles._profiles())
    ours.append(text)
    probabilities = {found.lang: found.prob for found in ours.get_probabilities()}

    assert probabilities == {found.lang: found.prob for found in langdetect.detect_langs(text)}
    assert language_profiles.most_likely_language(text) == langdetect.detect(text)


def test_a_long_text_is_judged_by_its_middle() -> None:
    furniture = "Menü Suche Anmelden Warenkorb " * 10

    assert language.detect(furniture + PROSE["en"] * 8 + furniture) == "en"


@given(st.text())
def test_any_text_has_an_answer_and_always_the_same(text: str) -> None:
    found = language.detect(text)

    assert found == language.detect(text)
    assert len(found) in (2, 3)
