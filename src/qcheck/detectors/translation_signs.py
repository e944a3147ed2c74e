"""Independent precise signs of machine translation, counted over the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.finding import Severity
from qcheck.scan.hit import Hit, Mark


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield one finding at the start of a document that bears signs of several kinds, or many of one.

    Args:
        document: The document.
        candidates: What the rules of the translation family have marked; mere information is no sign.
        params: ``signs``: the beginning of the codes of each kind, and its name; ``kinds``: how many kinds are enough;
            ``places``: how many places of one kind are.
    """
    signs = params["signs"]
    assert isinstance(signs, Mapping)
    marks = [mark for mark in candidates if isinstance(mark, Mark) and mark.rule.severity is not Severity.INFO]
    names = [next((name for prefix, name in signs.items() if mark.rule.code.startswith(prefix)), "") for mark in marks]
    found = Counter(filter(None, names))
    enough = len(found) >= int(str(params["kinds"])) or max(found.values(), default=0) >= int(str(params["places"]))
    if enough:
        kinds = ", ".join(f"{name} ({count})" for name, count in found.most_common())
        yield Hit(Span(0, 0), {"signs": kinds})
