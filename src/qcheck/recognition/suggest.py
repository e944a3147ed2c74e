"""What to write instead: the candidates of a suspect, weighed with the words around it."""

from __future__ import annotations

import math
from typing import NamedTuple

from qcheck.recognition.features import Evidence, Token
from qcheck.recognition.lexicon import Lexicon
from qcheck.recognition.parting import parted, unglued
from qcheck.recognition.reading import Reading

# How far the words around count beside the channel and the word's own frequency.
_CONTEXT = 0.8
_SHOWN = 4
# So far behind the best, in nats, no neighbours help a candidate.
_HOPELESS = 12.0
# Marks that are specks wherever they cling to a word; stops and quotes may have been something else.
_SPECKS = frozenset("'^~_*•■|¡¦,.:;`´")
# Marks that are specks where they stand alone; stops and hyphens may belong to the word before.
_LONE_SPECKS = frozenset("^~_*•■|¡¦`´\\»«<>'?!\"")
# Of these some are set with a blank before them, and what follows tells: inside a sentence they are specks.
_PERHAPS_SET = frozenset("'?!\"")
# What is left for words that are not among the candidates: a best candidate less likely than this is no sure one.
_NONE_OF_THEM = 2.0
# An error so like a frequent word is that word, whatever it would make with its neighbour.
_CLEAR = 14.0


class Suggestion(NamedTuple):
    """Replacements for a part of a text, best first, and how sure the first is (0 to 1)."""

    start: int
    end: int
    texts: tuple[str, ...]
    sureness: float


def suggest(lexicon: Lexicon, tokens: list[Token], evidence: Evidence, text: str) -> Suggestion | None:
    """The suggestion for a token, if there is any."""
    token, reading = tokens[evidence.at], evidence.reading
    left = tokens[evidence.at - 1].reading if evidence.at else None
    right = tokens[evidence.at + 1] if evidence.at + 1 < len(tokens) else None
    core = token.start + len(reading.lead)
    if "\n" in text[token.start : token.end]:
        return _over_the_line(reading, token, text, left)
    if evidence.joined and right is not None and not (reading.candidates and reading.candidates[0].score > _CLEAR):
        return _joined(token, right, text)
    if evidence.alternatives or evidence.capital:
        return _of_real_word(evidence, left, core)
    if reading.kind == "inside" and (apart := unglued(lexicon, reading.core)):
        return Suggestion(core, core + len(reading.core), (apart,), 0.9)
    if reading.candidates or reading.kind == "unknown":
        return _of_candidates(lexicon, reading, left, right.reading if right else None, core)
    return _without_specks(token, text)


def _of_real_word(evidence: Evidence, left: Reading | None, core: int) -> Suggestion:
    reading, alternatives = evidence.reading, evidence.alternatives
    end = core + len(reading.core)
    if not alternatives:
        # Before "A" it is as often the full stop that was not read.
        return Suggestion(core, end, (reading.core.lower(),), 0.5 if reading.core == "A" else 0.9)
    # A lone "I" is a stroke of dirt more often than it is another word.
    sureness = 0.0 if reading.core == "I" else _share([a.gain + _NONE_OF_THEM for a in alternatives])
    return Suggestion(core, end, tuple([_cased(a.word, reading, left) for a in alternatives[:_SHOWN]]), sureness)


def _joined(token: Token, right: Token, text: str) -> Suggestion:
    """Two halves as one word; where a line ends between them, the hyphen that was not read."""
    first = text[token.start + len(token.reading.lead) : token.end]
    start, end = token.end - len(first), right.start + len(right.reading.lead) + len(right.reading.core)
    if "\n" in text[token.end : right.start]:
        return Suggestion(start, end, (f"{first}-{text[token.end : end]}",), 0.9)
    return Suggestion(start, end, (first + right.reading.core,), 0.9)


def _over_the_line(reading: Reading, token: Token, text: str, left: Reading | None) -> Suggestion | None:
    """What to write for one half of a word parted at a line's end: the line break has to stay where it is."""
    if not reading.candidates or reading.part != (0, len(reading.core)):
        return None
    head, _, tail = text[token.start : token.end].partition("\n")
    first, second = head[len(reading.lead) :].rstrip("-¬\r"), tail.lstrip()[: -len(reading.trail) or None]
    word = _cased(reading.candidates[0].word, reading, left)
    sureness = _share([candidate.score for candidate in reading.candidates])
    end = token.end - len(reading.trail)
    if len(first) > 1 and word.startswith(first) and len(word) > len(first) + 1:
        return Suggestion(end - len(second), end, (word[len(first) :],), sureness)
    if len(second) > 1 and word.endswith(second) and len(word) > len(second) + 1:
        start = token.start + len(reading.lead)
        return Suggestion(start, start + len(first), (word[: -len(second)],), sureness)
    return None


def _of_candidates(
    lexicon: Lexicon, reading: Reading, left: Reading | None, right: Reading | None, core: int
) -> Suggestion | None:
    before = left.word if left and not left.trail else ""
    after = right.word if right and not reading.trail and not right.lead else ""
    pair, hopeless = lexicon.pair, reading.candidates[0].score - _HOPELESS if reading.candidates else 0.0
    weighed = [
        (score + _CONTEXT * (pair(before, word) + pair(word, after)), _cased(word, reading, left))
        for word, score in reading.candidates
        if score > hopeless
    ]
    if reading.kind == "unknown" and (parting := parted(lexicon, reading.core)):
        weighed.append((parting.score, parting.text))
    if not weighed:
        return None
    weighed.sort(reverse=True)
    first, last = reading.part
    texts = tuple([text for _, text in weighed[:_SHOWN]])
    return Suggestion(core + first, core + last, texts, _share([score for score, _ in weighed]))


def _share(scores: list[float]) -> float:
    """The part of the first among all and what is not among them, as chances."""
    others = sum([math.exp(max(-50.0, score - scores[0])) for score in scores])
    return 1 / (others + math.exp(min(50.0, _NONE_OF_THEM - scores[0])))


def _cased(word: str, reading: Reading, left: Reading | None) -> str:
    part = reading.core[reading.part[0] : reading.part[1]]
    if part.isupper() and len(part) > 1:
        return word.upper()
    if not part[:1].isupper():
        return word
    within = left is not None and left.case == "l" and not left.trail
    return word if within and reading.case == "m" else word[:1].upper() + word[1:]


def _without_specks(token: Token, text: str) -> Suggestion | None:
    """Take specks off a word that is sound without them, or out of the line."""
    reading = token.reading
    if reading.kind == "symbols":
        return _without_symbols(token, text)
    core = token.start + len(reading.lead)
    end = core + len(reading.core)
    if reading.lead and set(reading.lead) <= _SPECKS and not reading.trail.endswith("'"):
        return Suggestion(token.start, core, ("",), 0.9)
    if reading.trail and reading.trail[-1] in "'^~_*•■|¡¦`´" and not reading.lead:
        keep = reading.trail[:-1] if reading.trail[:-1] in ("", ".", ",") else ""
        return Suggestion(end, token.end, (keep,), 0.9)
    return None


def _without_symbols(token: Token, text: str) -> Suggestion | None:
    """Take lone specks out with the blank before them, or after them where they open a line."""
    start, end = token.start, token.end
    signs = set(token.reading.lead)
    if not signs <= _LONE_SPECKS or text[start - 1 : start] not in ("", " ", "\n"):
        return None
    if signs <= _PERHAPS_SET and not text[end:].lstrip(" ")[:1].islower() and "\n" not in text[start - 1 : end + 1]:
        return None
    if text[start - 1 : start] == " ":
        return Suggestion(start - 1, end, ("",), 0.9)
    return Suggestion(start, end + (text[end : end + 1] == " "), ("",), 0.9)
