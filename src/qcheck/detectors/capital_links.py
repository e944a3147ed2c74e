"""Headlines in capitals between paragraphs: links to other stories, unless the text has headings in capitals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

# How many further lines in capitals may stand between a link line and the paragraph before or after it.
_REACH = 3


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Candidates that are long enough, no questions or sentences, and stand between paragraphs.

    Args:
        document: The document.
        candidates: Lines without a small letter.
        params: ``fewest_words`` of a link line; ``paragraph``, the length of one; ``most_short`` lines in capitals
            (more are headings); ``most_lines``, above which capitals are how the text is written; ``verbs`` and
            ``labels`` of headlines, and the ``fewest_points`` of evidence.
    """
    limits = {key: value for key, value in params.items() if isinstance(value, int)}
    verbs, labels = (value if isinstance(value := params[key], list) else [] for key in ("verbs", "labels"))
    capitals = {document.line_number(span.start): document.slice(span).strip() for span in candidates}
    if not _are_links(list(capitals.values()), limits):
        return
    filled = [number for number, span in enumerate(document.lines) if document.slice(span).strip()]
    for at, number in enumerate(filled):
        text = capitals.get(number, "")
        if len(text.split()) < limits["fewest_words"] or _points(text, verbs, labels) < limits["fewest_points"]:
            continue
        before, after = reversed(filled[max(0, at - _REACH) : at]), filled[at + 1 : at + 1 + _REACH]
        if all(_meets_paragraph(document, side, capitals, limits["paragraph"]) for side in (before, after)):
            start = document.lines[number].start + document.slice(document.lines[number]).index(text[0])
            yield Hit(Span(start, start + len(text)))


def _points(text: str, verbs: list[str], labels: list[str]) -> int:
    """Evidence that a line in capitals is a headline: a verb or a label counts two, length and punctuation one each."""
    if text[-1] in ".!,;:":
        return 0
    words = [word.strip("‘’'“”\",:;") for word in text.replace("’", "'").split()]
    acts = not set(verbs).isdisjoint(words[1:])
    labelled = any(label in text.replace("’", "'") for label in labels)
    return 2 * acts + 2 * labelled + (len(words) >= 6) + (len(words) >= 10) + any(mark in text for mark in ",:;‘“'\"")


def _are_links(capitals: list[str], limits: Mapping[str, int]) -> bool:
    """Whether the lines in capitals can be links at all: headings are short, or questions, or many."""
    short = sum(len(text.split()) < limits["fewest_words"] for text in capitals)
    asks = any(text.endswith("?") for text in capitals)
    return not asks and short <= limits["most_short"] and len(capitals) <= limits["most_lines"]


def _meets_paragraph(document: Document, numbers: Iterable[int], capitals: Mapping[int, str], length: int) -> bool:
    """Whether the first of the lines that is not in capitals is a paragraph."""
    number = next((number for number in numbers if number not in capitals), None)
    return number is not None and len(document.slice(document.lines[number]).strip()) >= length
