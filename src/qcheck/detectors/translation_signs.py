"""Independent precise signs of machine translation, counted over the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield one finding at the start of a document that bears signs of several kinds, or many of one.

    Args:
        document: The document.
        candidates: Places that bear one of the signs.
        params: ``signs``: pattern of each kind by its name; ``kinds``: how many kinds are enough; ``places``: how many
            places of one kind are; ``weak``: how often a kind must occur to count, where once is a slip.
    """
    signs, weak = params["signs"], params.get("weak", {})
    assert isinstance(signs, Mapping)
    assert isinstance(weak, Mapping)
    counts = Counter(_kind(document.slice(candidate), tuple(signs.items())) for candidate in candidates)
    found = Counter({name: count for name, count in counts.items() if name and count >= weak.get(name, 1)})
    enough = len(found) >= int(str(params["kinds"])) or max(found.values(), default=0) >= int(str(params["places"]))
    if enough:
        kinds = ", ".join(f"{name} ({count})" for name, count in found.most_common())
        yield Hit(Span(0, 0), {"signs": kinds})


def _kind(text: str, signs: tuple[tuple[str, str], ...]) -> str:
    return next((name for name, pattern in signs if _compiled(pattern).search(text)), "")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
