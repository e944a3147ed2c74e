r"""Patterns and phrase tables into RE2 programs that run on UTF-8 bytes.

The dialect is RE2's with ``^`` and ``$`` at line edges; ``\w \d \s \b`` are ASCII. RE2 runs in linear time whatever
the pattern, so a rule from a stranger cannot hang a run.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import re2

from qcheck.narrowing import narrowed
from qcheck.rules.model import CharsMatch, PhrasesMatch, RegexMatch, Scope

WHOLE = "whole_"  # the group that holds the line or sentence of a `whole` rule
# A Set with too little memory throws its automaton away again and again: 21 MB/s with the default of 8 MB.
SET_MEMORY = 128 << 20
_BLANK = "[ \\t\\x{a0}]"
_BULLETS = "(?:[-–—•·*|»›▶►>+]+" + _BLANK + "*)?"
_TRAILERS = "(?:" + _BLANK + "*[.:!…»›|>▶►]+)?"
_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\\.?"
_DAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?,? )?"
_PLACEHOLDER = re.compile(r"(<[A-Za-z]+>)")
_SINGLE_BYTE = re.compile(r"(?<!\\)(?:\\\\)*\\C")
PLACEHOLDERS = {
    "<n>": "[0-9][0-9.,]*[kKmM]?",
    "<date>": f"{_DAY}(?:{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? [0-9]{{4}}"
    f"|[0-9]{{1,2}}(?:st|nd|rd|th)? {_MONTH},? [0-9]{{4}}"
    "|[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4})",
    "<time>": "[0-9]{1,2}[:.][0-9]{2}(?: ?[ap]\\.?m\\.?)?(?: ?\\(?(?-i:[A-Z]{2,4})\\)?)?",
    "<name>": "(?-i:\\p{Lu}[\\p{L}'’.-]+(?: \\p{Lu}[\\p{L}'’.-]*){1,3})",
    "<title>": "(?-i:[\\p{Lu}\\p{N}“\"‘'].*)",
    "<url>": "(?:https?://|www\\.)[^ ]+",
    "<email>": "[^ @]+@[^ @]+\\.[a-z]{2,}",
    "<handle>": "@\\w+",
}


def options(scope: Scope, *, ignorecase: bool = False) -> Any:
    """RE2 options for a scope; a line-scoped pattern cannot match a line feed, whatever it says."""
    made = re2.Options()
    made.log_errors = False
    made.case_sensitive = not ignorecase
    made.never_nl = scope is Scope.LINE
    made.max_mem = SET_MEMORY
    return made


@cache
def compile_pattern(pattern: str, scope: Scope = Scope.LINE, *, ignorecase: bool = False, narrow: bool = False) -> Any:
    """Compile a pattern for bytes.

    Args:
        pattern: The pattern.
        scope: How far it may reach.
        ignorecase: Whether case is ignored.
        narrow: Make the smaller program, which is exact of texts in a narrow alphabet only (``narrowing.py``).

    Raises:
        ValueError: RE2 refuses it, or it could match a part of a character; the message says why.
    """
    if _SINGLE_BYTE.search(pattern):
        raise ValueError(f"{pattern!r} holds \\C, which can match a part of a character; write (?s:.) instead")
    source = narrowed(pattern, ignorecase=ignorecase) if narrow else pattern
    try:
        return re2.compile(f"(?m){source}".encode(), options(scope, ignorecase=ignorecase))
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        raise ValueError(f"RE2 refuses {pattern!r}: {reason}") from None


def whole_line(pattern: str) -> str:
    """A pattern that must be a whole line but for blanks around it."""
    return f"^{_BLANK}*(?P<{WHOLE}>{pattern}){_BLANK}*\\r?$"


def compile_regex(match: RegexMatch, pattern: str) -> Any:
    """Compile one pattern of a ``regex`` rule for the engine it names.

    Raises:
        ValueError: The engine refuses it.
    """
    whole = match.whole and match.scope is Scope.LINE
    if match.engine == "re2":
        pattern = whole_line(pattern) if whole else pattern
        return compile_pattern(pattern, match.scope, ignorecase=match.ignorecase)
    import regex  # 8 ms

    # \K and not a group, which would make the pattern's \1 another.
    pattern = f"^{_BLANK}*\\K(?:{pattern})(?={_BLANK}*$)" if whole else pattern
    try:
        flags = regex.V1 | regex.MULTILINE | (regex.IGNORECASE if match.ignorecase else 0)
        return regex.compile(pattern.replace("\\x{a0}", "\\xa0"), flags)
    except regex.error as error:
        raise ValueError(f"regex refuses {pattern!r}: {error}") from None


def group_names(match: RegexMatch, pattern: str) -> set[str]:
    """Names of the groups of a pattern."""
    names = compile_regex(match, pattern).groupindex
    return {name.decode() if isinstance(name, bytes) else name for name in names}


def compile_phrases(match: PhrasesMatch) -> Any:
    """Compile a phrase table.

    Raises:
        ValueError: RE2 refuses the pattern, which is too large then.
    """
    return compile_pattern(phrases_pattern(match), match.scope, ignorecase=match.ignorecase)


def phrases_pattern(match: PhrasesMatch) -> str:
    """One alternation of all phrases, longest first, so that the longest wins where several begin at one place."""
    phrases = sorted({phrase.text for phrase in match.phrases}, key=len, reverse=True)
    body = "|".join(phrase_pattern(phrase, match) for phrase in phrases)
    if match.whole and match.scope is Scope.LINE:
        return whole_line(f"{_BULLETS}(?:{body}){_TRAILERS}")
    return f"(?:{body})"


def class_pattern(match: CharsMatch) -> str:
    """Runs of the characters."""
    ranges = (f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in match.ranges)
    return f"[{''.join(ranges)}]+"


def phrase_problem(phrase: str) -> str | None:
    """What keeps a phrase from being a pattern, if anything does."""
    if not phrase.strip() or "\n" in phrase:
        return f"phrase {phrase!r} is blank or holds a line break"
    unknown = next((name for name in _PLACEHOLDER.findall(phrase) if name not in PLACEHOLDERS), None)
    return f"unknown placeholder {unknown} in {phrase!r}; known: {', '.join(PLACEHOLDERS)}" if unknown else None


def phrase_pattern(phrase: str, match: PhrasesMatch) -> str:
    """A phrase with its placeholders spelt out, blanks and apostrophes in all their forms, and word edges."""
    blank = f"{_BLANK}+" if match.scope is Scope.LINE else "\\s+"
    pieces = _PLACEHOLDER.split(phrase)
    body = "".join(PLACEHOLDERS.get(piece) or "".join(_literal(char, blank) for char in piece) for piece in pieces)
    edges = "" if match.whole else "\\b"
    head = edges if phrase[0].isascii() and phrase[0].isalnum() else ""
    tail = edges if phrase[-1].isascii() and phrase[-1].isalnum() else ""
    return f"{head}{body}{tail}"


@cache
def _literal(char: str, blank: str) -> str:
    if char == " ":
        return blank
    if char in "'’‘":
        return "['’‘]"
    if char in '"“”':
        return '["“”]'
    return str(re2.escape(char))
