"""RE2's syntax as far as others must know it: tokens, names of groups, and where a match may break a line."""

from __future__ import annotations

import re
from functools import cache

import re2

_TOKEN = re.compile(
    r"[A-Za-z0-9]+(?![*+?{])|"  # words at once: tables hold tens of thousands of letters
    r"\\Q.*?(?:\\E|\Z)|\\[pP](?:\{\^?\w+\}|\w)|\\x(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{2})|\\.|"
    r"\[\^?\]?(?:\[:\^?\w+:\]|\\[pP]\{\^?\w+\}|\\x\{[0-9a-fA-F]+\}|\\.|[^\]\\])*\]|"
    r"\{\d+(?:,\d*)?\}\??|[*+?]\??|\(\?P?<\w+>|\(\?[imsU-]*[:)]|.",
    re.DOTALL,
)
_GROUP = re.compile(r"\(\?P?<(\w+)>")
# Tokens that match nothing themselves, or what their own pattern cannot tell.
_EDGE, _UNCLEAR = re.compile(r"\\[bBAz]"), re.compile(r"\\[0-9QEC]|\(\?[imU-]*s")


def tokens_of(pattern: str) -> list[str]:
    """The pattern in pieces: words, escapes, quotations, classes, quantifiers, openings of groups, single signs."""
    return _TOKEN.findall(pattern)


def group_names(pattern: str) -> list[str]:
    """The names of its groups."""
    return [group[1] for token in tokens_of(pattern) if (group := _GROUP.fullmatch(token))] if "<" in pattern else []


def may_cross_lines(pattern: str) -> bool:
    """Whether a match may hold a line feed; ``False`` only where that is sure."""
    return any(token[0] in "\n\\[(" and _may_be_line_feed(token) for token in tokens_of(pattern))


@cache
def _may_be_line_feed(token: str) -> bool:
    r"""Whether a token may match a line feed; ``.`` cannot unless flags say so.

    >>> [_may_be_line_feed(token) for token in (r"\n", r"[^a]", r"[\t-\r]", "[[:space:]]", r"\pC", "(?s:")]
    [True, True, True, True, True, True]
    >>> [_may_be_line_feed(token) for token in (r"\r", r"[^\n]", r"[ \t]", r"\p{L}", r"\b", "(?i:", "(?P<s>")]
    [False, False, False, False, False, False, False]
    """
    if token[0] == "(" or _EDGE.fullmatch(token) or _UNCLEAR.match(token):
        return _UNCLEAR.match(token) is not None
    try:
        return re2.fullmatch(token, "\n") is not None
    except re2.error:
        return True


def without_breaks(pattern: str) -> str:
    r"""A pattern cut where a line may break, at ``\n`` and repeated ``\s``: each piece of it lies on one line.

    >>> without_breaks(r"[.]\s+(?:It|[\s+]\n)")
    '[.].*(?:It|[\\s+](?:$.*^))'
    """
    tokens = tokens_of(pattern)
    return "".join(map(_without_break, tokens, ["", *tokens], [*tokens[1:], ""]))


def _without_break(token: str, before: str, following: str) -> str:
    if token == r"\n":
        return "(?:$.*^)"
    if token == r"\s" and following[:1] in ("+", "*"):
        return "."
    return "*" + token[1:] if before == r"\s" and token[0] in "+*" else token
