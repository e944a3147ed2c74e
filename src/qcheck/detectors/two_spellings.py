"""One name spelt in two ways in one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield the rarer spelling wherever it stands.

    Args:
        document: The document.
        candidates: Names that have several spellings.
        params: ``names``: lists of the spellings of one name.
    """
    names = params["names"]
    assert isinstance(names, Sequence)
    group_of = {spelling: number for number, spellings in enumerate(names) for spelling in spellings}
    counts: dict[int, Counter[str]] = {}
    for candidate in candidates:
        spelling = document.slice(candidate)
        if spelling in group_of:
            counts.setdefault(group_of[spelling], Counter())[spelling] += 1
    usual = {group: found.most_common(1)[0][0] for group, found in counts.items() if len(found) > 1}
    for candidate in candidates:
        spelling = document.slice(candidate)
        other = usual.get(group_of.get(spelling, -1))
        if other and other != spelling:
            yield Hit(candidate, {"other": other}, candidates=(other,))
