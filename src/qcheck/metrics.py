"""Numbers about a document: cheap ones for rules and rows, readability for reports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qcheck.document import Document


def _share_of_letters(document: Document) -> float:
    """Letters among the characters that are not blank; 1 where there are none."""
    dense = "".join(document.text.split())
    return sum(map(str.isalpha, dense)) / len(dense) if dense else 1.0


def _mean_word_length(document: Document) -> float:
    words = document.text.split()
    return sum(map(len, words)) / len(words) if words else 0.0


def _share_of_replacement_characters(document: Document) -> float:
    return document.text.count("\ufffd") / max(len(document.text), 1)


METRICS: dict[str, Callable[[Document], float]] = {
    "words": lambda document: float(document.words),
    "characters": lambda document: float(len(document.text)),
    "sentences": lambda document: float(len(document.sentences)),
    "lines": lambda document: float(sum(1 for span in document.lines if document.slice(span).strip())),
    "mean_word_length": _mean_word_length,
    "share_of_letters": _share_of_letters,
    "share_of_replacement_characters": _share_of_replacement_characters,
}

# Of textstat's figures these two need no syllable dictionary. Flesch, Fog, SMOG and Dale-Chall would try to download
# one through nltk, and a run must not reach for the network.
READABILITY = ("automated_readability_index", "coleman_liau_index")
# Both indices are calibrated on passages; below this many words they swing by whole school grades.
_FEWEST_WORDS = 20


def readability(document: Document) -> dict[str, float]:
    """School grades by textstat, to one decimal; empty for texts too short or not in Latin letters to mean anything.

    textstat takes a while to import: call this for reports, not in pipelines.
    """
    if document.words < _FEWEST_WORDS or not _is_mostly_latin(document.text):
        return {}
    textstat = _textstat()
    return {name: round(float(getattr(textstat, name)(document.text)), 1) for name in READABILITY}


class _Later(ModuleType):
    """Stands for a module until something is asked of it, and then passes that on."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@cache
def _textstat() -> ModuleType:
    """The module textstat without nltk, which takes 0.2 of its 0.21 s to import and is for syllables alone."""
    later = _Later("nltk")
    sys.modules.setdefault("nltk", later)
    try:
        return import_module("textstat")
    finally:
        if sys.modules.get("nltk") is later:
            del sys.modules["nltk"]


def recognition(document: Document) -> dict[str, float]:
    """Estimated share of words that a recogniser misread, and its standard deviation; empty where no sign says scan."""
    examination = document.recognition
    if not examination.regions:
        return {}
    return {
        "ocr_word_error_rate": round(examination.error_rate, 3),
        "ocr_word_error_rate_deviation": round(examination.deviation, 3),
    }


def _is_mostly_latin(text: str) -> bool:
    letters = [char for char in text[:4000] if char.isalpha()]
    return sum(char < "\u0250" for char in letters) > 0.8 * len(letters)
