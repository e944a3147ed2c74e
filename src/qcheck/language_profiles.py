"""The profiles of langdetect, with the share of an n-gram in each language worked out when a text first holds it.

langdetect works out all 88,000 n-grams in 55 languages when it is first asked, in loops of Python: 0.2 s and 40 MB for
a run that may ask about one text. A text holds some hundreds. The files, the figures and the answers are the same.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from langdetect.detector import Detector
from langdetect.detector_factory import PROFILES_DIRECTORY

# Unseeded, the answer changes from run to run.
_SEED = 0


def most_likely_language(text: str) -> str:
    """The language that langdetect finds most likely, as it names them: ``en``, ``zh-cn``.

    Raises:
        LangDetectException: The text holds no letters that tell.
    """
    detector = Detector(_profiles())
    detector.append(text)
    return str(detector.detect())


class _Shares(dict[str, list[float]]):
    """N-gram to its share in the text of each profile; none of n-grams that no profile has."""

    def __init__(self, profiles: list[dict[str, Any]]) -> None:
        self._profiles = [(profile["freq"], profile["n_words"]) for profile in profiles]

    def __contains__(self, gram: object) -> bool:
        return super().__contains__(gram) or self._work_out(str(gram))

    def _work_out(self, gram: str) -> bool:
        size = len(gram) - 1
        shares = [counts[gram] / totals[size] if gram in counts else 0.0 for counts, totals in self._profiles]
        if is_known := any(shares):
            self[gram] = shares
        return is_known


class _Profiles:
    """What a Detector asks of its factory."""

    def __init__(self, folder: Path) -> None:
        profiles = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("[!.]*")]
        self.seed = _SEED
        self.langlist = [profile["name"] for profile in profiles]
        self.word_lang_prob_map = _Shares(profiles)


@cache
def _profiles() -> _Profiles:
    return _Profiles(Path(PROFILES_DIRECTORY))
