"""Lines that are one letter away from a known title: the wrong letter must not hide what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Candidates of which one word is misspelt and all others stand in a title.

    Args:
        document: The document.
        candidates: Short lines.
        params: ``titles``, and ``sound``: words that are right although they are one letter away.
    """
    titles = [str(title).split() for title in _strings(params["titles"])]
    sound = {str(word) for word in _strings(params["sound"])}
    for span in candidates:
        line = document.slice(span)
        text = line.strip()
        if title := _nearest([word.lower() for word in text.split()], titles, sound):
            start = span.start + line.index(text[0])
            yield Hit(Span(start, start + len(text)), {"title": title})


def _strings(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _nearest(words: list[str], titles: list[list[str]], sound: set[str]) -> str | None:
    for title in titles:
        if len(title) == len(words):
            wrong = [(word, right.lower()) for word, right in zip(words, title, strict=True) if word != right.lower()]
            if len(wrong) == 1 and wrong[0][0] not in sound and is_slip(*wrong[0]):
                return " ".join(title)
    return None


def is_slip(word: str, right: str) -> bool:
    """Whether a word is one letter away from another: left out, put in, changed, or swapped with the next.

    The first letter must be right, and the word long enough for one letter to be a slip.
    """
    if word[0] != right[0] or len(right) < 5 or abs(len(word) - len(right)) > 1:
        return False
    same = 0
    while same < min(len(word), len(right)) and word[same] == right[same]:
        same += 1
    rest, wanted = word[same:], right[same:]
    return (
        rest[1:] == wanted
        or rest == wanted[1:]
        or rest[1:] == wanted[1:]
        or (rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:])
    )
