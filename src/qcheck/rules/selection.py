"""Which rules run. Nothing else knows of select and ignore."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qcheck.errors import SelectionError
from qcheck.finding import Family, Status
from qcheck.rules.model import Rule

ALL = "ALL"
_PREFIX = re.compile(r"[A-Z]+\d*")
_EXACT = 100  # more specific than any prefix


def select_rules(
    rules: Sequence[Rule],
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    extend_select: Iterable[str] | None = None,
    *,
    preview: bool = False,
) -> tuple[Rule, ...]:
    """The rules that the words choose; where select and ignore both name a rule, the more specific word wins.

    Args:
        rules: All loaded rules.
        select: Codes, names, families, code prefixes or ``ALL``; ``None`` is ``ALL``.
        ignore: The same kind of words, for what must not run.
        extend_select: More words for ``select``.
        preview: Run preview rules too. A rule named by its code or name runs whatever its status.

    Raises:
        SelectionError: A word names nothing.
    """
    chosen = [*(select if select is not None else (ALL,)), *(extend_select or ())]
    refused = [*(ignore or ())]
    check_words((*chosen, *refused), rules)
    return tuple(rule for rule in rules if _is_on(rule, chosen, refused, preview=preview))


def find_rule(rules: Sequence[Rule], word: str) -> Rule:
    """The rule of a code or name.

    Raises:
        SelectionError: There is none; the message offers what was probably meant.
    """
    found = next((rule for rule in rules if word in (rule.code, rule.name)), None)
    if found is None:
        raise _unknown(word, rules)
    return found


def matching_rules(rules: Sequence[Rule], words: Sequence[str]) -> tuple[Rule, ...]:
    """The rules that any of the words names, whatever their status.

    Raises:
        SelectionError: A word names nothing.
    """
    check_words(words, rules)
    return tuple(rule for rule in rules if any(names(word, rule) for word in words))


def names(word: str, rule: Rule) -> int:
    """How specifically a word names a rule: 0 not at all, then ALL, family, prefixes by length, code or name."""
    if word in (rule.code, rule.name):
        return _EXACT
    if word == rule.family:
        return 2
    if _PREFIX.fullmatch(word) and re.match(rf"{word}(?=\d)" if word.isalpha() else word, rule.code):
        return 2 + len(word)
    return int(word == ALL)


def _is_on(rule: Rule, chosen: list[str], refused: list[str], *, preview: bool) -> bool:
    on = max((names(word, rule) for word in chosen), default=0)
    off = max((names(word, rule) for word in refused), default=0)
    wanted = rule.status is Status.STABLE or on == _EXACT or (preview and rule.status is Status.PREVIEW)
    return wanted and on > off


def check_words(words: Iterable[str], rules: Sequence[Rule]) -> None:
    """Refuse words that name nothing.

    Raises:
        SelectionError: For the first of them; the message offers what was probably meant.
    """
    for word in words:
        if word != ALL and word not in tuple(Family) and not any(names(word, rule) for rule in rules):
            raise _unknown(word, rules)


def _unknown(word: str, rules: Sequence[Rule]) -> SelectionError:
    import difflib

    prefixes = {rule.code.rstrip("0123456789") for rule in rules}
    known = [ALL, *Family, *sorted(prefixes), *(w for rule in rules for w in (rule.code, rule.name))]
    by_folded = {str(w).casefold(): str(w) for w in known}
    close = [by_folded[folded] for folded in difflib.get_close_matches(word.casefold(), by_folded, n=3)]
    hint = f"; did you mean {' or '.join(close)}?" if close else "; 'qcheck rule --all' lists them"
    return SelectionError(f"no rule, prefix or family is called '{word}'{hint}")
