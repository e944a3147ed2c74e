"""RE2's syntax as far as gates must know it: the tokens of a pattern, and where a line may break in its matches."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"[A-Za-z0-9]+(?![*+?{])|"  # words at once: tables hold tens of thousands of letters
    r"\\[pP](?:\{\^?\w+\}|\w)|\\x(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{2})|\\.|"
    r"\[\^?\]?(?:\[:\^?\w+:\]|\\[pP]\{\^?\w+\}|\\x\{[0-9a-fA-F]+\}|\\.|[^\]\\])*\]|"
    r"\{\d+(?:,\d*)?\}\??|[*+?]\??|\(\?P?<\w+>|\(\?[imsU-]*[:)]|.",
    re.DOTALL,
)
# A class that leaves the line feed out, and all that can match one; `.` cannot unless told so.
_NOT_LINE_FEED = re.compile(r"\[\^(?:\\.|[^\]\\])*?\\n(?:\\.|[^\]\\])*\]")
_LINE_FEED = re.compile(r"\\[snWDPXC]|\[\^|\(\?\w*s|\n|\\x\{?0?a\b")


def tokens_of(pattern: str) -> list[str]:
    """The pattern in pieces: words, escapes, classes, quantifiers, openings of groups, and single characters."""
    return _TOKEN.findall(pattern)


def may_cross_lines(pattern: str) -> bool:
    """Whether a match may hold a line feed; ``False`` only where that is sure."""
    return _LINE_FEED.search(_NOT_LINE_FEED.sub("", pattern)) is not None


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
