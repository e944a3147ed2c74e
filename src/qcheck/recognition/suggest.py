"""What to write instead: the candidates of a suspect, weighed with the words around it."""

from __future__ import annotations

import math
from typing import NamedTuple

from qcheck.recognition.features import Evidence, Token
from qcheck.recognition.lexicon import Lexicon
from qcheck.recognition.reading import Reading

# How far the words around count beside the channel and the word's own frequency.
_CONTEXT = 0.8
_SHOWN = 4
# So far behind the best, in nats, no neighbours help a candidate.
_HOPELESS = 12.0
# Marks that are specks wherever they cling to a word; stops and quotes may have been something else.
_SPECKS = frozenset("'^~_*•■|¡¦,.:;`´")


class Suggestion(NamedTuple):
    """Replacements for a part of a text, best first, and how sure the first is (0 to 1)."""

    start: int
    end: int
    texts: tuple[str, ...]
    sureness: float


def suggest(lexicon: Lexicon, tokens: list[Token], evidence: Evidence, text: str) -> Suggestion | None:
    """The suggestion for a token, if there is any."""
    token, reading = tokens[evidence.at], tokens[evidence.at].reading
    left = tokens[evidence.at - 1].reading if evidence.at else None
    right = tokens[evidence.at + 1] if evidence.at + 1 < len(tokens) else None
    core = token.start + len(reading.lead)
    if "\n" in text[token.start : token.end]:
        return None  # a word parted at the line's end: the line break has to stay where it is
    if evidence.joined and right is not None and not (reading.candidates and reading.candidates[0].score > _CLEAR):
        end = right.start + len(right.reading.lead) + len(right.reading.core)
        return Suggestion(core, end, (text[core : core + len(reading.core)] + right.reading.core,), 0.9)
    if evidence.alternatives:
        best = tuple(_cased(a.word, reading, left) for a in evidence.alternatives[:_SHOWN])
        return Suggestion(core, core + len(reading.core), best, _share([a.gain for a in evidence.alternatives]))
    if evidence.capital:
        return Suggestion(core, core + len(reading.core), (reading.core.lower(),), 0.9)
    if reading.candidates:
        return _of_candidates(lexicon, reading, left, right.reading if right else None, core)
    return _without_specks(token)


_CLEAR = 14.0


def _of_candidates(
    lexicon: Lexicon, reading: Reading, left: Reading | None, right: Reading | None, core: int
) -> Suggestion:
    before = left.word if left and not left.trail else ""
    after = right.word if right and not reading.trail and not right.lead else ""
    pair, hopeless = lexicon.pair, reading.candidates[0].score - _HOPELESS
    weighed = [
        (score + _CONTEXT * (pair(before, word) + pair(word, after)), word)
        for word, score in reading.candidates
        if score > hopeless
    ]
    weighed.sort(reverse=True)
    first, last = reading.part
    texts = tuple([_cased(word, reading, left) for _, word in weighed[:_SHOWN]])
    return Suggestion(core + first, core + last, texts, _share([score for score, _ in weighed]))


def _share(scores: list[float]) -> float:
    """The part of the first among all, as chances."""
    return 1 / sum(math.exp(score - scores[0]) for score in scores) if scores else 0.0


def _cased(word: str, reading: Reading, left: Reading | None) -> str:
    part = reading.core[reading.part[0] : reading.part[1]]
    if part.isupper() and len(part) > 1:
        return word.upper()
    if not part[:1].isupper():
        return word
    within = left is not None and left.case == "l" and not left.trail
    return word if within and reading.case == "m" else word[:1].upper() + word[1:]


def _without_specks(token: Token) -> Suggestion | None:
    """Take specks off a word that is sound without them."""
    reading = token.reading
    if reading.kind == "symbols" and set(reading.lead) <= _SPECKS:
        return Suggestion(token.start, token.end, ("",), 0.5)
    core = token.start + len(reading.lead)
    end = core + len(reading.core)
    if reading.lead and set(reading.lead) <= _SPECKS and not reading.trail.endswith("'"):
        return Suggestion(token.start, core, ("",), 0.9)
    if reading.trail and reading.trail[-1] in "'^~_*•■|¡¦`´" and not reading.lead:
        keep = reading.trail[:-1] if reading.trail[:-1] in ("", ".", ",") else ""
        return Suggestion(end, token.end, (keep,), 0.9)
    return None
