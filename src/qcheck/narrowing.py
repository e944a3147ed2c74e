r"""Smaller programs for patterns: exact of texts in a narrow alphabet (``alphabet.py``), a first look at all others.

RE2 makes 1,200 instructions of each ``\p{L}``, for 650 ranges of letters in all scripts; the narrow alphabet has some
100 of them, and every character outside of it is let pass. Compiling the patterns that 4.6 MB of clean English have to
be confirmed with took 200 ms, and first runs along the text, in which RE2 builds its automata, 160; now it is half.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import re2

from qcheck import alphabet
from qcheck.syntax import tokens_of

_FLAGS = re.compile(r"\(\?([a-zA-Z]*)-?([a-zA-Z]*)([:)])")
_PROPERTY = re.compile(r"\\(?:p\{(\w+)\}|.)", re.DOTALL)
# All characters outside of the alphabet. Case is not ignored: it would lead back into it.
_OTHERS = "(?-i:[\\x{180}-\\x{1fff}\\x{3000}-\\x{1efff}\\x{20000}-\\x{10ffff}])"


@cache
def narrowed(pattern: str, *, ignorecase: bool = False) -> str:
    r"""The pattern with every ``\p{...}`` spelt out as what the narrow alphabet has of it, and all outside of that.

    It matches a text in that alphabet exactly where the pattern does, and any other text at least where it does:
    RE2 has nothing, no lookahead, by which a larger class could match less.

    >>> narrowed(r"[^\p{Zs}_]+(?i:x)")
    '[^\\x{20}-\\x{20}\\x{a0}-\\x{a0}\\x{2000}-\\x{200a}\\x{202f}-\\x{202f}\\x{205f}-\\x{205f}_]+(?i:x)'
    """
    return "".join(_pieces(pattern, ignorecase=ignorecase)) if can_be_narrowed(pattern) else pattern


def can_be_narrowed(pattern: str) -> bool:
    r"""Whether a pattern holds a ``\p{...}``."""
    return "\\p{" in pattern


def _pieces(pattern: str, *, ignorecase: bool) -> Iterator[str]:
    folded = [ignorecase]  # whether case is ignored, in each group that is open
    for token in tokens_of(pattern):
        piece = token
        if flags := _FLAGS.fullmatch(token):
            folds = "i" in flags[1] or (folded[-1] and "i" not in flags[2])
            folded[-1:] = [folded[-1], folds] if flags[3] == ":" else [folds]
        elif token.startswith("("):
            folded.append(folded[-1])
        elif token == ")" and len(folded) > 1:
            folded.pop()
        elif token.startswith("\\p{"):
            piece = _of_class(f"[{token}]", folds=folded[-1])
        elif token.startswith("[") and can_be_narrowed(token):
            piece = _of_class(token, folds=folded[-1])
        yield piece


def _of_class(token: str, *, folds: bool) -> str:
    spelt = _PROPERTY.sub(lambda match: (match[1] and _ranges(match[1], folds)) or match[0], token)
    return spelt if spelt.startswith("[^") else f"(?:{spelt}|{_OTHERS})"


@cache
def _ranges(name: str, folds: bool) -> str:
    """What the narrow alphabet has of a property, as RE2 itself sees it, as the inside of a class.

    Case folding reaches out of the alphabet and back into it: ``ß`` is a capital where case is ignored, for the sake of
    ``ẞ``. One character, too, is written as a range, so that a hyphen behind it makes none.
    """
    runs = re2.compile(f"{'(?i)' if folds else ''}\\p{{{name}}}+".encode())
    found = (match.group().decode() for block in _blocks() for match in runs.finditer(block))
    return "".join(f"\\x{{{ord(run[0]):x}}}-\\x{{{ord(run[-1]):x}}}" for run in found)


@cache
def _blocks() -> list[bytes]:
    return ["".join(map(chr, block)).encode() for block in alphabet.BLOCKS]
