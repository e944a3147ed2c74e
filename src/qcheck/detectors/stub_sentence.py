"""Tiny sentences that complete nothing, right after a full one: what sentence splitting leaves of a long source.

The rule's candidates are cheap: the end of a sentence and the first letters of the next. This module matches the whole
stub there and judges the place: whether the sentence before has really ended, how long it was, and whether somebody is
speaking. (Whole stubs as RE2 candidates made one Set of all rules six times slower than this.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_GAP = re.compile(r"[.!?…]+[\"”’)\]]*\s+")
_LAST_WORD = re.compile(r"([^\W\d_][\w’'-]*|\d+)[\"”’)\]%]*[.!?…]+[\"”’)\]]*\Z")
# Inches ("12 in."), and what diaries and advertisements cut short ("wd.", "nr."): no word, for want of a vowel. Names
# in capitals (BBC) and ordinals (5th) do end sentences.
_CUT_SHORT = re.compile(r"\d[ -]in\.\Z|(?<![^\W_])[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz][b-df-hj-np-tv-xz]{1,3}\.\Z")
_SENTENCE_BREAK = re.compile(
    r"[.!?…][\"”’)\]]*\s+(?=[\"“‘(\[]?[A-Z0-9])"
    r"|(?<=[a-z]{3})[.!?…][\"”’)\]]*\s+"
)
# Far enough to hold the longest sentence before a stub (145 Japanese characters gave up to 400 English ones),
# near enough to keep one endless line linear.
_LOOK_BACK = 600
# Words that carry a full stop inside a sentence. Those that are ordinary words too count only in this case.
_ABBREVIATIONS = frozenset(
    """etc inc proc conf trans symp sci corp co ltd plc bros vs nos vol vols pp fig figs ed eds approx dept est
    jr sr mr mrs ms dr prof rev sen rep gov col capt lt sgt adm hon al cf viz cm mm km kg oz lb lbs ft sec hr
    hrs incl excl esp adj adv abbr conn calif ala ariz ark colo fla kan ky mich minn mont neb nev okla ore tenn
    tex vt wis wyo jan feb apr jun jul aug sept sep oct nov dec mon tue wed thu fri ave blvd rd hwy univ assn
    ver approx max resp ibid op cit messrs abt recd""".split()
)
_CASED_ABBREVIATIONS = frozenset("No Gen Del Ga Ill Ind La Md Me Miss Mo Pa Va Wash Mass Sun Sat Mar St Mt".split())


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield the stubs among the candidates.

    Args:
        document: The document.
        candidates: Ends of sentences with the beginning of what follows them.
        params: ``stub``: pattern of a whole stub with its full stop, for Python's ``re``; ``unless``: pattern that
            excuses one; ``min_before``: characters the sentence before must have; ``outside_quotes``: whether a stub
            inside quotation marks is left to the speaker.
    """
    text = document.text
    stub = _compiled(str(params["stub"]) + r"(?=[ \t\r]*(?:\n|\Z)| )")
    unless = _compiled(str(params["unless"])) if "unless" in params else None
    for candidate in candidates:
        gap = _GAP.search(text, candidate.start, candidate.end)
        found = stub.match(text, gap.end()) if gap else None
        if not gap or not found or (unless and unless.search(found[0])):
            continue
        before = _sentence_before(text, _end_of_stop(text, gap))
        if len(before) < int(str(params.get("min_before", 0))) or _ends_in_abbreviation(before):
            continue
        spoken = params.get("outside_quotes") and _inside_quotes(text, found.start())
        # A scan has stops for commas and small letters for capitals: 17 stubs on 380 old pages, and all were text.
        if not spoken and not document.recognition.covers(found.start()):
            yield Hit(Span(*found.span()))


def _end_of_stop(text: str, gap: re.Match[str]) -> int:
    return gap.start() + len(gap[0].rstrip())


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _sentence_before(text: str, end: int) -> str:
    line_start = text.rfind("\n", max(0, end - _LOOK_BACK), end) + 1
    line = text[max(line_start, end - _LOOK_BACK) : end]
    breaks = [match.end() for match in _SENTENCE_BREAK.finditer(line)]
    return line[breaks[-1] if breaks else 0 :]


def _ends_in_abbreviation(sentence: str) -> bool:
    found = _LAST_WORD.search(sentence[-40:])
    if not found:
        return True  # no word before the stop: an ellipsis or a symbol, not the end of a sentence
    word = found[1]
    if _CUT_SHORT.search(sentence[-8:]):
        return True
    return (len(word) == 1 and word.isalpha()) or word in _CASED_ABBREVIATIONS or word.lower() in _ABBREVIATIONS


def _inside_quotes(text: str, at: int) -> bool:
    line = text[max(text.rfind("\n", 0, at) + 1, at - 4 * _LOOK_BACK) : at]
    return line.count('"') % 2 == 1 or line.count("“") > line.count("”")
