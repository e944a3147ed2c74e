"""Documents of symbols and numbers: too few letters to be prose in any script."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.metrics import METRICS
from qcheck.scan.hit import Hit

_LETTERS = string.ascii_letters.encode()
_BLANKS = string.whitespace.encode()

# Three letters of four are usual, so that a part half as long again as the letters it must hold will do.
_ENOUGH = 1.5


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One empty hit at the start of a document whose share of letters is below ``letters_below``.

    Args:
        document: The document.
        candidates: Not used.
        params: ``letters_below``, and ``fewest_characters`` of a text that can be judged.
    """
    below, fewest = params["letters_below"], params["fewest_characters"]
    assert isinstance(below, float)
    assert isinstance(fewest, int)
    data = document.data
    # ASCII letters are counted in bytes at hundreds of MB/s, which settles every text in Latin script; str.isalpha on
    # each character runs at 20 to 40. Blanks and bytes of other letters only make the bound safer.
    # The first part of prose has enough for all of it.
    for part in (data[: int(_ENOUGH * below * len(data))], data):
        if len(part) - len(part.translate(None, _LETTERS)) >= below * len(data):
            return
    if len(data.translate(None, _BLANKS)) < fewest:
        return
    share = METRICS["share_of_letters"](document)
    if share < below:
        yield Hit(Span(0, 0), {"share": f"{100 * share:.0f}"})
