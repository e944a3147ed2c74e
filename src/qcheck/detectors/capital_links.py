"""Headlines in capitals between paragraphs: links to other stories, unless the text has headings in capitals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

# How many further lines in capitals may stand between a link line and the paragraph before or after it.
_REACH = 3


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Candidates that are built like headlines and stand between paragraphs.

    Args:
        document: The document.
        candidates: Lines without a small letter.
        params: ``fewest_words`` of a link line; ``paragraph``, the length of one; ``most_short`` lines in capitals
            (more are headings); ``most_lines``, above which capitals are how the text is written; ``verbs`` and
            ``labels`` of headlines, and the ``fewest_points`` of evidence.
    """
    limits = {key: value for key, value in params.items() if isinstance(value, int)}
    verbs, labels = _words(params["verbs"]), _words(params["labels"])
    spans = [_stripped(document.text, span) for span in candidates]
    texts = [document.slice(span) for span in spans]
    if not _may_be_links(texts, limits):
        return
    for span, text in zip(spans, texts, strict=True):
        headline = len(text.split()) >= limits["fewest_words"] and _points(text, verbs, labels)
        if headline >= limits["fewest_points"] and all(
            _meets_paragraph(document.text, span, step, limits["paragraph"]) for step in (-1, 1)
        ):
            yield Hit(span)


def _words(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def _stripped(text: str, span: Span) -> Span:
    line = text[span.start : span.end]
    start = span.start + len(line) - len(line.lstrip())
    return Span(start, start + len(line.strip()))


def _may_be_links(texts: Sequence[str], limits: Mapping[str, int]) -> bool:
    """Whether lines in capitals can be links at all: headings are short, or questions, or many."""
    short = sum(len(text.split()) < limits["fewest_words"] for text in texts)
    asks = any(text.endswith("?") for text in texts)
    return not asks and short <= limits["most_short"] and len(texts) <= limits["most_lines"]


def _points(text: str, verbs: frozenset[str], labels: frozenset[str]) -> int:
    """Evidence that a line in capitals is a headline: a label counts 4, a verb 2, length and punctuation 1 each."""
    if text[-1] in ".!,;:":
        return 0
    straight = text.replace("’", "'").replace("‘", "'")
    words = [word.strip("'“”\",:;") for word in straight.split()]
    acts = not verbs.isdisjoint(words[1:])
    labelled = any(label in straight for label in labels)
    return (
        2 * acts + 4 * labelled + (len(words) >= 6) + (len(words) >= 10) + any(mark in straight for mark in ",:;'“\"")
    )


def _meets_paragraph(text: str, span: Span, step: int, length: int) -> bool:
    """Whether the nearest line that is not in capitals, upwards or downwards, is a paragraph."""
    at = span.start if step < 0 else span.end
    passed = 0
    while passed <= _REACH and 0 <= at <= len(text):
        edge = text.rfind("\n", 0, at) if step < 0 else text.find("\n", at)
        if edge < 0:
            return False
        line, at = _line_at(text, edge, step)
        if line and not line.isupper():
            return len(line) >= length
        passed += bool(line)
    return False


def _line_at(text: str, edge: int, step: int) -> tuple[str, int]:
    """The line above or below a line break, and the place to go on from."""
    if step < 0:
        start = text.rfind("\n", 0, edge) + 1
        return text[start:edge].strip(), start
    end = text.find("\n", edge + 1)
    end = len(text) if end < 0 else end
    return text[edge + 1 : end].strip(), end
