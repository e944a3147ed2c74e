"""Rows that every engine is given: sound, spoilt, empty, and no text at all."""

from __future__ import annotations

SOUND = "The council met on Monday and agreed to repair the old bridge before the winter."
SPOILT = "The talks will go on in May, officials said. .."
TEXTS = [SOUND, SPOILT, None, "", "\N{GRINNING FACE} " + SPOILT, SOUND]
VERDICTS = ["keep", "drop", None, "keep", "drop", "keep"]
ERRORS = [None, None, "the text is null, not a string", None, None, None]
RULES = {"ignore": ["document"]}  # the empty text is no finding here


def many(copies: int) -> tuple[list[int], list[str | None]]:
    """Numbered rows, more than one batch of them."""
    texts = TEXTS * copies
    return list(range(len(texts))), texts
