"""Words that a recogniser misread, in texts that show that one has read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.recognition.page import Suspect
from qcheck.scan.hit import Hit

# Between these estimated rates of wrong words the bar falls from the strict one to the plain one.
_QUIET_RATE = 0.03


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield the suspects of some kinds.

    Args:
        document: The document.
        candidates: None.
        params: ``kinds``: which suspects; ``probability``: how likely an error must be; ``quiet``: the same where few
            words of the text are wrong; ``sure`` and ``clear``: how likely the error and how clear the winner among its
            corrections must be for an edit.
    """
    examination = document.recognition
    kinds = params["kinds"]
    assert isinstance(kinds, list)
    bar = _number(params, "quiet" if examination.error_rate < _QUIET_RATE else "probability")
    sure, clear = _number(params, "sure"), _number(params, "clear")
    for suspect in examination.suspects:
        if suspect.kind in kinds and suspect.probability >= bar:
            yield _hit(document, suspect, is_sure=suspect.probability >= sure, clear=clear)


def is_quiet(document: Document) -> bool:
    """Whether nothing in the text looks misread."""
    return not document.recognition.suspects


def _number(params: Mapping[str, object], name: str) -> float:
    return float(str(params[name]))


def _hit(document: Document, suspect: Suspect, *, is_sure: bool, clear: float) -> Hit:
    span, suggestion = Span(suspect.start, suspect.end), suspect.suggestion
    if suggestion is None:
        return Hit(span)
    best = suggestion.texts[0]
    if is_sure and suggestion.sureness >= clear:
        return Hit(span, {"meant": best}, edits=(Edit(suggestion.start, suggestion.end, best),))
    return Hit(span, {"meant": best}, candidates=tuple(text for text in suggestion.texts if text))
