"""One token by itself: what kind of thing it is, and what about it is odd whatever stands around it."""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from typing import NamedTuple

from qcheck.recognition.channel import Candidate, Channel
from qcheck.recognition.lexicon import Lexicon

# What stands before and after a word, and the word; dashes part tokens, so they never stand inside.
_PARTS = re.compile(r"([\W_]*)(.*?)([\W_]*)", re.DOTALL)
# Runs of digits give nothing back: twenty-four of them before a letter took three seconds, and each more doubled it.
_NUMBER = re.compile(
    r"(?:\d[\d.,:/'’]*+[½¼¾⅓⅔⅛⅜⅝⅞°]?|[½¼¾⅓⅔⅛])(?:-?(?:\d[\d.,:/]*+[½¼¾]?))*"
    r"(?:st|nd|rd|th|d|s|l|f|lbs?|oz|cwt|in|ft|a\.?m|p\.?m|m|mm|cm|km|kg|g|mi|[A-E]|[a-e]|%|x|mph|k|bn|ies|’s|'s)?"
)
_ABBREVIATION = re.compile(r"(?:[A-Za-z]{1,4}\.)+[A-Za-z]{0,4}")
_ROMAN = re.compile(r"[IVXLC]{1,6}|[ivxlc]{2,6}")
_ADDRESS = re.compile(r"@\w|://|www\.|\w\.(?:com|org|net|edu|gov|html?)\b|#\w{3}|&\w+;|\w_\w|\w\(\)")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SPLIT = re.compile(r"[-/‐‑­]")
_COMPOUND_PREFIX = re.compile(r"(?:Mc|Mac|[MODL]'|De|Van|Le|La|Fitz|St)[A-Z]")
_PLAIN_LEAD = frozenset(("", '"', "'", "(", "“", "‘", "£", "$", "[", "¬"))
_PLAIN_TRAIL = frozenset(
    (
        """ , . ; : ? ! ) " ' ," ." ?" !" .' ,' ?' !' ). ), ); ” ’ ,” .” ?” !” .’ ,’ ] ... … - .) % :- .- ;- ,- ",
        ". '. ', ¬ * ”. ”, ’, ’."""
    ).split()
) | {""}
# Signs that broken type is read as: on one side of a word only, they were letters.
_BROKEN = frozenset("«»*^~°¡")
_STOPS = frozenset(".,;:?!")
_LONGEST_DOUBTFUL_NAME = 5
_FREQUENT = 13.5
_SUFFIXES = ("'s", "s'", "'", "'d", "'ll", "'ve", "'re", "n't")


class Reading(NamedTuple):
    """What a token is.

    Attributes:
        kind: ``known``, ``unknown``, ``number``, ``symbols`` and so on, the first word of its features.
        case: ``l``, ``C``, ``U`` or ``m``: lower, capitalised, upper, mixed.
        lead: Punctuation before the core.
        core: The token without the punctuation around it.
        trail: Punctuation after it.
        word: The core as the lexicon would have it.
        features: What speaks for and against an error, whatever stands around.
        candidates: Words it may be a misreading of, best first; of the part that is no word.
        part: Which part of the core the candidates stand for, as a span in the core.
        plain: Nothing about it is odd.
        number: Its own among all readings.
        key: Kind and case in one.
        others: What a recogniser may have had before it where it is a real word: words, and the cost of the confusion.
        is_little_capital: A little word with a capital, which is odd where no sentence begins; "I" and "O" may have it.
        settled: No neighbours can make it wrong, unless it makes one word with the next.
    """

    kind: str
    case: str
    lead: str
    core: str
    trail: str
    word: str
    features: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    part: tuple[int, int]
    plain: bool
    number: int
    key: str
    others: tuple[tuple[str, float], ...]
    is_little_capital: bool
    settled: bool


class Reader:
    """Reads tokens with a lexicon and a channel; remembers what it has read, since texts repeat themselves."""

    def __init__(self, lexicon: Lexicon, channel: Channel) -> None:
        self._lexicon, self._channel = lexicon, channel
        # Readings of what was read before; nine tokens in ten are among them, and a look here is cheaper than a call.
        self.known: dict[str, Reading] = {}
        self._numbers = count()

    def read(self, raw: str) -> Reading:
        """The reading of a token."""
        found = self.known.get(raw)
        if found is None:
            if len(self.known) > 200_000:
                self.known.clear()
            found = self.known[raw] = self._plain(raw) or self._read(raw)
        return found

    def _plain(self, raw: str) -> Reading | None:
        """The reading of a listed word, alone or with one stop: what ``_read`` would say, at a quarter of the time."""
        core, trail = (raw[:-1], raw[-1]) if raw[-1] in _STOPS else (raw, "")
        word = core.lower()
        if len(core) < 2 or word not in self._lexicon.words or not (word.isalpha() and word.isascii()):
            return None
        case = _case(core)
        if case == "m":
            return None
        others = () if case == "U" else self._others(word, trail)
        little = case == "C" and word in self._lexicon.little and core not in "IO"
        return Reading(
            kind="known",
            case=case,
            lead="",
            core=core,
            trail=trail,
            word=word,
            features=(f"k:known{case}", f"f:{case}{int(self._lexicon.words[word]) // 2}"),
            candidates=(),
            part=(0, len(core)),
            plain=True,
            number=next(self._numbers),
            key=f"known{case}",
            others=others,
            is_little_capital=little,
            settled=not others and not little,
        )

    def _others(self, word: str, trail: str) -> tuple[tuple[str, float], ...]:
        """What a recogniser may have had before it when it wrote a real word; of a short form nobody can say."""
        is_short_form = trail.startswith(".") and word in self._lexicon.abbreviations
        return () if is_short_form else self._lexicon.mistakable(word)

    def _read(self, raw: str) -> Reading:
        lead, core, trail = _parts(raw)
        word, case = core.lower(), _case(core)
        kind, at = self._kind(raw, core, word, case)
        candidates = self._candidates(core[at[0] : at[1]]) if kind in _SEARCHED else ()
        features = [f"k:{kind}{case}"]
        plain = kind in _PLAIN and case != "m"
        if kind in _SEARCHED:
            features += self._of_unknown(kind, case, core[at[0] : at[1]], candidates)
        elif kind == "known":
            features.append(f"f:{case}{int(self._lexicon.words.get(word, 9)) // 2}")
        elif kind == "name" and (case == "l" or len(core) <= _LONGEST_DOUBTFUL_NAME):
            # Lists of names hold "Tho" and "Und": a name that is one slip away from a very frequent word is in doubt.
            candidates = self._candidates(core)
            if case == "l" or (candidates and candidates[0].score > _FREQUENT):
                features += self._of_unknown(kind, case, core, candidates)
                plain = False
        marks, odd = self._of_marks(kind, lead, word, trail)
        others = self._others(word, trail) if kind in ("known", "single") and case in "lC" else ()
        plain = plain and not odd
        made = lead, core, trail, word, tuple(features + marks), candidates, at, plain, next(self._numbers)
        little = kind == "known" and case == "C" and word in self._lexicon.little and core not in "IO"
        return Reading(kind, case, *made, kind + case, others, little, plain and not others and not little)

    def _of_marks(self, kind: str, lead: str, word: str, trail: str) -> tuple[list[str], bool]:
        """Features of the punctuation on either side, and whether it is odd."""
        made, bare = [], "" if word else "#"
        odd_lead, odd_trail = lead not in _PLAIN_LEAD, trail not in _PLAIN_TRAIL
        if odd_lead or kind == "symbols":
            made += [f"L:{lead[:3]}{bare}", f"L:odd{min(len(lead), 3)}{bare}"]
        if odd_trail:
            made += [f"T:{trail[:3]}", f"T:odd{min(len(trail), 3)}"]
        if trail == "'" and not lead and not word.endswith("s") and word + "g" not in self._lexicon.words:
            made.append("T:lone'")
            odd_trail = True
        if lead == "'" and not trail.endswith(("'", "’")):
            made.append("L:lone'")
        return made, odd_lead or odd_trail

    def _kind(self, raw: str, core: str, word: str, case: str) -> tuple[str, tuple[int, int]]:
        """What a core is, and the part of it that is no word."""
        kind = _kind_by_shape(raw, core)
        if kind is None and self._is_word(word):
            kind = "known"
        if kind is None:
            kind = _kind_by_letters(core)
        if kind is None and _WORD.fullmatch(core):
            kind = self._unknown(core, word, case)
        return (kind, (0, len(core))) if kind else self._compound(core)

    def _is_word(self, word: str) -> bool:
        words = self._lexicon.words
        if not word.isascii():
            word = _without_accents(word)
        if word in words or word in self._lexicon.abbreviations:
            return True
        if "'" in word:
            return any(word.endswith(end) and word[: -len(end)] in words for end in _SUFFIXES)
        return False

    def _unknown(self, core: str, word: str, case: str) -> str:
        base = _without_accents(word.removesuffix("'s"))
        if base in self._lexicon.names:
            return "name"
        if case == "m" and _COMPOUND_PREFIX.match(core):
            return "name"
        if base != word and base in self._lexicon.words:
            return "known"
        return "unknown" if core.isascii() else "accent"

    def _compound(self, core: str) -> tuple[str, tuple[int, int]]:
        """A core of several parts: the kind of its worst part."""
        at = 0
        worst: tuple[str, tuple[int, int]] = ("compound", (0, len(core)))
        if not _SPLIT.search(core):
            return "inside", (0, len(core))
        for part in _SPLIT.split(core):
            kind, _ = self._kind(part, part, part.lower(), _case(part)) if part else ("known", (0, 0))
            if kind in _SEARCHED:
                worst = kind, (at, at + len(part))
            at += len(part) + 1
        return worst

    def _candidates(self, part: str) -> tuple[Candidate, ...]:
        return self._channel.candidates(part.lower() if part.isupper() else part)

    def _of_unknown(self, kind: str, case: str, part: str, candidates: tuple[Candidate, ...]) -> list[str]:
        best = "none" if not candidates else str(max(-2, min(9, int(candidates[0].score // 2))))
        key = kind + case
        odd = min(8, int(2 * self._lexicon.oddness(part.lower())))
        length = min(len(part), 9)
        made = [f"b:{key}{best}", f"o:{key}{odd}", f"n:{key}{length}"]
        if part.lower().endswith(("ing", "ed", "ly", "ness", "less", "tion", "ions", "able", "ers", "isation", "ised")):
            made.append(f"s:{key}")
        if kind == "inside":
            made += [f"i:{char}" for char in sorted({c for c in part if not c.isalnum()})]
        return made


_SEARCHED = frozenset(("unknown", "accent", "digits", "inside", "accent1"))
_PLAIN = frozenset(("known", "number", "name", "short", "compound", "address"))


def _parts(raw: str) -> tuple[str, str, str]:
    """Punctuation before, the core, punctuation after."""
    match = _PARTS.fullmatch(raw.replace("ſ", "s").replace("’", "'"))
    assert match is not None
    lead, core, trail = match.groups()
    if not core:
        return raw, "", ""
    if trail[:1] in _BROKEN and core[-1].isalpha() and lead[-1:] not in _BROKEN:
        return lead, core + trail[0], trail[1:]
    if lead[-1:] in _BROKEN and core[0].isalpha() and trail[:1] not in _BROKEN:
        return lead[:-1], lead[-1] + core, trail
    return lead, core, trail


def _kind_by_shape(raw: str, core: str) -> str | None:
    if not core:
        return "symbols"
    if core[0].isdigit() and _NUMBER.fullmatch(core):
        return "number"
    if _ADDRESS.search(raw):
        return "address"
    if len(core) > 1:
        return None
    if core in "aAIO&":
        return "known"
    return "single" if core.isascii() else "accent1"


def _kind_by_letters(core: str) -> str | None:
    if _ROMAN.fullmatch(core) or ("." in core and _ABBREVIATION.fullmatch(core)):
        return "short"
    return "digits" if not core.isalpha() and any(char.isdigit() for char in core) else None


def _without_accents(word: str) -> str:
    """``café`` as ``cafe``: lists of words have few accents."""
    if word.isascii():
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _case(core: str) -> str:
    if core.islower():
        return "l"
    if core.isupper():
        return "U" if len(core) > 1 else "C"
    return "C" if core[:1].isupper() and core[1:].islower() else "m"
