"""Runs of page furniture, judged line by line with what stands around: a scorecard over the features of a line.

A document in which no rule found furniture is not looked at, so that a poem, a list or a table costs nothing and is
left alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from qcheck import furniture
from qcheck.document import Document, Span
from qcheck.furniture_company import Company, features_among, form_of
from qcheck.scan.hit import Hit

_REASONS_NAMED = 3
# A headline shares its words with the first paragraphs; more of them only cost time.
_LINES_OF_VOCABULARY = 12
# A text of fewer lines of prose has no head and no foot: its short lines may be what it is about.
_FEWEST_PROSE_LINES = 2
# One word that may be a menu's calls nothing into question; one line that a rule knows does (recall .59 to .61).
_FEWEST_WEAK = 2
# So many lines that go on in the next, and one in so many, are broken at a width: hardly a page that was scraped (5 of
# 1,196) and most readme files, where 90 of 130 findings were in such lines.
_FEWEST_BROKEN, _LINES_EACH = 5, 8


class Line(NamedTuple):
    """A filled line: its span without blanks, its text, and its own features (none for a line of text)."""

    span: Span
    text: str
    features: tuple[str, ...] | None


@dataclass(frozen=True)
class Page:
    """The filled lines of a document, and what is known of them before anybody looks closer.

    Attributes:
        document: The document.
        spans: Of the filled lines, with the blanks around them.
        texts: The same lines without those.
        known: Numbers of the lines that rules call furniture, ascending.
        prose: Numbers of the lines that are text on their face, ascending.
        weak: How many lines are a word that is furniture in company only.
    """

    document: Document
    spans: Sequence[Span]
    texts: Sequence[str]
    known: Sequence[int]
    prose: Sequence[int]
    weak: int

    @property
    def calls_for_a_look(self) -> bool:
        """Whether there is text enough to stand beside, in lines that are paragraphs, and a sign of furniture."""
        signs = self.known or self.weak >= _FEWEST_WEAK
        return bool(signs) and len(self.prose) >= _FEWEST_PROSE_LINES and not self.is_wrapped

    @property
    def is_wrapped(self) -> bool:
        """Whether lines are broken at a width: they are no units then, and a short one may be a sentence's end."""
        return len(self.broken) >= _FEWEST_BROKEN and len(self.broken) * _LINES_EACH >= len(self.texts)

    @cached_property
    def broken(self) -> frozenset[int]:
        """Lines that go on in the next one, and those."""
        goes_on = [at for at, pair in enumerate(pairwise(self.texts)) if furniture.goes_on(*pair)]
        return frozenset(goes_on) | {at + 1 for at in goes_on}

    def is_fact(self, at: int) -> bool:
        """Whether a line is a label with its value, beside another: the table of a product or a player."""
        near = [n for n in (at - 1, at, at + 1) if 0 <= n < len(self.lines) and n not in self.company.known]
        labelled = [n for n in near if furniture.LABELLED in (self.lines[n].features or ())]
        return at in labelled and len(labelled) > 1

    def may_be_text(self, at: int) -> bool:
        """Whether a line with features of its own must be left alone."""
        return (
            at in self.broken
            or self.is_fact(at)
            or furniture.may_be_text(
                self.lines[at].features or (), self.company.place(at), may_be_title=at in self.titles
            )
        )

    @cached_property
    def titles(self) -> frozenset[int]:
        """The first line, the last above the text and the first below it, whatever furniture stands between."""
        known, prose, size = set(self.known), self.prose, len(self.texts)
        first, last = (prose[0], prose[-1]) if prose else (size, -1)
        runs = (range(size), range(first - 1, -1, -1), range(last + 1, size))
        return frozenset(at for run in runs if (at := next((n for n in run if n not in known), None)) is not None)

    @cached_property
    def lines(self) -> list[Line]:
        """The filled lines with their features."""
        counts, known, text_lines = Counter(self.texts), set(self.known), set(self.prose)
        vocabulary = furniture.vocabulary(self.texts[at] for at in self.prose[:_LINES_OF_VOCABULARY])
        lines = []
        for at, (span, text) in enumerate(zip(self.spans, self.texts, strict=True)):
            features = None
            if at not in text_lines and len(text) <= furniture.LONGEST:
                repeated = counts[text] > 1
                features = tuple(
                    furniture.own_features(text, repeated=repeated, known=at in known, vocabulary=vocabulary)
                )
            start = self.document.text.index(text[0], span.start)
            lines.append(Line(Span(start, start + len(text)), text, features))
        return lines

    @cached_property
    def company(self) -> Company:
        """The filled lines as their neighbours see them."""
        return Company(
            self.prose,
            self.known,
            [len(text) for text in self.texts],
            ["" if line.features is None else form_of(line.text) for line in self.lines],
            [line.features is not None and "no letters" in line.features for line in self.lines],
        )


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Lines whose features, and those of their neighbours, add up to more than the bar of their zone.

    Args:
        document: The document.
        candidates: What rules call furniture, and ``weak`` words that are furniture in company only.
        params: Weights of features ``own`` and ``among`` neighbours; ``text``, what a line of text counts; ``bars`` by
            zone; the ``floor`` of a line by itself, below which no company helps; the ``weak`` words.
    """
    own, among, bars = _weights(params, "own"), _weights(params, "among"), _weights(params, "bars")
    weak = params["weak"]
    page = read_page(document, candidates, frozenset(weak) if isinstance(weak, list) else frozenset())
    if not page.calls_for_a_look:
        return
    logits = logits_of(page, own, _number(params, "text"))
    known, floor = set(page.known), _number(params, "floor")
    for at, line in enumerate(page.lines):
        if line.features is None or at in known or logits[at] < floor or page.may_be_text(at):
            continue
        features = tuple(features_among(at, logits, page.company))
        if furniture.weigh(features, among) >= bars[page.company.place(at)]:
            yield Hit(line.span, {"because": _because(line.features, own, features, among)})


def _weights(params: Mapping[str, object], key: str) -> dict[str, float]:
    value = params[key]
    assert isinstance(value, dict)
    return value


def _number(params: Mapping[str, object], key: str) -> float:
    value = params[key]
    assert isinstance(value, float)
    return value


def read_page(document: Document, candidates: Sequence[Span], weak: Collection[str]) -> Page:
    """Split a document into filled lines.

    Args:
        document: The document.
        candidates: Spans that may be known furniture: those that cover half of their line.
        weak: Lines that are not known furniture although they are candidates.
    """
    filled = [(span, text) for span, text in zip(document.lines, document.stripped_lines, strict=True) if text]
    spans, texts = [span for span, _ in filled], [text for _, text in filled]
    starts = [span.start for span in spans]
    known = set()
    for start, end in candidates:
        at = max(0, bisect_right(starts, start) - 1) if starts else 0
        if texts and 2 * (end - start) >= len(texts[at]) and texts[at].lower() not in weak:
            known.add(at)
    weak_lines = sum(text.lower() in weak for text in texts)
    prose = [at for at, text in enumerate(texts) if furniture.is_prose(text)]
    return Page(document, spans, texts, sorted(known), prose, weak_lines)


def logits_of(page: Page, own: Mapping[str, float], text: float) -> list[float]:
    """What each line adds up to by itself; ``text`` for a line of text."""
    return [text if line.features is None else furniture.weigh(line.features, own) for line in page.lines]


def _because(
    own_features: Collection[str], own: Mapping[str, float], features: Collection[str], among: Mapping[str, float]
) -> str:
    """The features that weigh most, in words."""
    weighed = [(own.get(name, 0.0), name) for name in own_features]
    weighed += [(among.get(name, 0.0), name) for name in features]
    reasons: list[str] = []
    for weight, name in sorted(weighed, reverse=True):
        if weight <= 0 or len(reasons) == _REASONS_NAMED:
            break
        if (reason := furniture.reason(name)) and reason not in reasons:
            reasons.append(reason)
    return ", ".join(reasons) or "what stands around it"
