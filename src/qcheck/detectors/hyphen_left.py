"""Hyphens of line ends that stayed when the lines were joined: ``govern- ment``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.finding import Edit
from qcheck.scan.hit import Hit

_PARTS = re.compile(r"([^\W\d_]+)([-¬\xad]\s+)([^\W\d_]+)")
# After a hyphen that waits for its second half ("pre- and post-war"), or where a writer put a hyphen for a dash.
_NO_SECOND_HALF = frozenset(
    """and or to nor but as by the that this these those then than they there their them he she it its his her him you
    your we our us i in on at of off for from with without is are was were be been has have had not no so if when which
    who whom what where while until because though although und oder bis et ou y o e och eller og en ed plus versus via
    through into over only even just also per a an""".split()
)
# Written with a hyphen as a rule; the hyphen is right and the blank is wrong.
_PREFIXES = frozenset("self non ex all well co anti pro semi quasi half cross vice pseudo".split())


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """One hit for each word in two halves with a hyphen and a blank between them."""
    for span in candidates:
        parts = _PARTS.search(document.text, *span)
        if parts is None:
            continue
        left, right = parts[1], parts[3]
        if right.lower() in _NO_SECOND_HALF or _is_false_start(left, right):
            continue
        hyphen = "-" if left.lower() in _PREFIXES else ""
        edit = Edit(*parts.span(2), hyphen)
        yield Hit(Span(*parts.span()), {"joined": left + hyphen + right}, edits=(edit,))


def _is_false_start(left: str, right: str) -> bool:
    """A speaker who begins again: "th- the guy"."""
    return right.lower().startswith(left.lower()) or (left.lower()[:1] == right.lower()[:1] and len(left) <= 3)
