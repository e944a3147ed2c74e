"""What a text must hold for a pattern to match somewhere in it: the pattern's rarest piece that dies soon.

An RE2 Set runs its patterns as one automaton, and patterns that stay alive along prose (``.*``, ``[a-z]+ and``)
multiply each other's states: on unseen text, 145 whole-line patterns ran at 8 MB/s in one Set, the 24 of them without
such loops at 150. So Sets get a piece of each pattern instead: a run of neighbours in its concatenation, cut where such
loops stand. Every match of the pattern holds a match of the piece, so nothing can be missed; whether the rule matches
is for its own pattern to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from qcheck.scan import rarity
from qcheck.syntax import tokens_of

_UNKNOWN = re.compile(r"\\[0-9QEC]")
_FLAGS = re.compile(r"\(\?(i?)(?:-(i))?[:)]")
_COUNT = re.compile(r"\{(\d+)(,?)(\d*)\}")
_EDGES = {"^": "line", "$": "sign", r"\b": "", r"\B": "", r"\A": "line", r"\z": "sign"}
# Loops of at most so many turns are none: they die within a word.
_SHORT = 2
_LONGEST_HEAD = 3
# What says less than `ENOUGH` stands in every other window of prose, and so do short words; a pattern without loops may
# come down to two signs.
ENOUGH, _ENOUGH_OF_WORDS, _ENOUGH_IF_SHORT = 2.5, 4.0, 0.6


class Factor(NamedTuple):
    """A piece of a pattern.

    Attributes:
        source: The piece, for RE2.
        weight: How much it says.
        kind: What it begins with: ``line``, ``word``, ``class`` or ``sign``; ``live`` if it stays alive along prose. In
            one Set, pieces of one kind share their states and pieces of two kinds multiply them.
        first: Which of the common characters it may begin with.
        last: Which of them it may end with.
        takes: Whether it takes at least one character.
    """

    source: str = ""
    weight: float = 0.0
    kind: str = ""
    first: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    takes: bool = False


class _Item(NamedTuple):
    """A member of a concatenation.

    Attributes:
        itself: Its source, how much that says, and what it begins with.
        lives: Whether it holds a loop that stays alive along prose.
        is_broad: Whether it says next to nothing, and matches letters.
        inner: A piece that every match of it holds, where it lives.
        head: A piece that every match of it begins with, where it lives.
        tail: A character that every match of it ends with, where it lives.
    """

    itself: Factor
    lives: bool = False
    is_broad: bool = False
    inner: Factor = Factor()
    head: Factor = Factor()
    tail: Factor = Factor()


class _UnknownSyntaxError(Exception):
    """A pattern says something that this module does not understand; it is taken whole."""


@cache
def factor(pattern: str, *, ignorecase: bool = False) -> Factor:
    """The rarest piece of a pattern that dies soon; the whole pattern where no piece says enough."""
    whole = f"(?i){pattern}" if ignorecase else pattern
    tokens = tokens_of(pattern)
    try:
        alternatives, end = _alternatives(tokens, 0, ignorecase=ignorecase)
        piece = _any_of(map(_best, alternatives))
    except _UnknownSyntaxError:
        return Factor(whole, 0.0, "live")
    lives = any(item.lives for items in alternatives for item in items)
    is_word = piece.kind in ("word", "class")
    enough = _ENOUGH_IF_SHORT if not lives else _ENOUGH_OF_WORDS if is_word else ENOUGH
    if end == len(tokens) and piece.weight >= enough:
        return piece
    kind = _any_of(_joined(item.itself for item in items) for items in alternatives).kind
    return Factor(whole, 0.0, "live" if lives and kind in ("word", "class") else kind)


def _joined(pieces: Iterable[Factor]) -> Factor:
    """Pieces that follow one another; characters that hardly ever meet say more than each alone."""
    source, weight, kind, takes = "", 0.0, "", False
    first = last = frozenset[str]()
    for piece in pieces:
        source, kind = source + piece.source, kind or piece.kind
        weight += piece.weight
        if piece.takes or piece.source == "$":
            weight += rarity.meeting(last, piece.first)
        first = first if takes else first | piece.first
        takes = takes or piece.takes
        if piece.takes or piece.source == "^":
            last = piece.last
        elif last and last != rarity.LINE_START and " " in piece.last:
            last |= (
                piece.last
            )  # a quote or bracket that may stand between changes nothing, nor a blank at a line's head
    return Factor(source, weight, kind, first, last, takes)


def _any_of(pieces: Iterable[Factor]) -> Factor:
    """Pieces one of which must be there: they say as much as the least of them."""
    first, *others = pieces
    if not others:
        return first
    kinds = {piece.kind for piece in (first, *others)}
    source = "|".join(piece.source for piece in (first, *others))
    kind = next(kind for kind in ("class", "", "word", "sign", "line") if kind in kinds)
    return Factor(
        f"(?:{source})",
        min(piece.weight for piece in (first, *others)),
        kind,
        first.first.union(*(piece.first for piece in others)),
        first.last.union(*(piece.last for piece in others)),
        all(piece.takes for piece in (first, *others)),
    )


def _best(items: Sequence[_Item]) -> Factor:
    """The piece of a concatenation that says most."""
    runs: list[list[_Item]] = [[]]
    for item in items:
        if item.lives:
            runs[-1].append(_Item(item.head))
            runs.append([_Item(item.tail, is_broad=True)])
        else:
            runs[-1].append(item)
    pieces = [_joined(item.itself for item in _trimmed(run)) for run in runs]
    pieces += [item.inner for item in items if item.lives]
    # What must open a line can match there alone: it is rarer than anything as long, and dies sooner.
    return max(pieces, key=lambda piece: (piece.kind == "line" and piece.weight >= ENOUGH, piece.weight))


def _trimmed(run: Sequence[_Item]) -> Sequence[_Item]:
    """A run without the broad members it opens with: they say nothing, and keep every word alive.

    One stays that hardly ever meets what follows: "e" before "5".
    """
    first = 0
    for number, item in enumerate(run):
        following = run[number + 1].itself if number + 1 < len(run) else Factor()
        if item.is_broad and following.takes and rarity.meeting(item.itself.last, following.first):
            return [_Item(item.itself._replace(kind="sign")), *run[number + 1 :]]
        if item.is_broad:
            first = number + 1
        elif item.itself.kind:
            break
    return run[first:]


def _alternatives(tokens: Sequence[str], at: int, *, ignorecase: bool) -> tuple[list[list[_Item]], int]:
    """What stands between bars, up to the bracket that closes the group."""
    alternatives: list[list[_Item]] = [[]]
    while at < len(tokens) and tokens[at] != ")":
        token = tokens[at]
        if token == "|":
            alternatives.append([])
            at += 1
        elif token.startswith("(?") and token.endswith(")"):
            ignorecase = _is_ignorecase(token, ignorecase)
            at += 1
        else:
            items, at = _quantified(tokens, at, ignorecase=ignorecase)
            alternatives[-1] += items
    return alternatives, at


def _is_ignorecase(token: str, before: bool) -> bool:
    flags = _FLAGS.fullmatch(token)
    if not flags:
        raise _UnknownSyntaxError
    return (before or bool(flags[1])) and not flags[2]


def _quantified(tokens: Sequence[str], at: int, *, ignorecase: bool) -> tuple[list[_Item], int]:
    """A character, class or group with its quantifier; a group without one dissolves in its surroundings."""
    token = tokens[at]
    at += 1
    if token.startswith("("):
        is_plain = token == "(" or token.endswith(">")
        inside = ignorecase if is_plain else _is_ignorecase(token, ignorecase)
        alternatives, at = _alternatives(tokens, at, ignorecase=inside)
        if at == len(tokens):
            raise _UnknownSyntaxError
        at += 1
        items = alternatives[0] if len(alternatives) == 1 else [_group(alternatives)]
    else:
        items = [_single(token, ignorecase=ignorecase)]
    turns = _turns(tokens[at]) if at < len(tokens) else None
    if turns is None:
        return items, at
    return [_repeated(_group([items]), *turns, tokens[at])], at + 1


def _turns(token: str) -> tuple[int, int | None] | None:
    """How often a quantifier lets something turn; ``None`` if the token is none."""
    if token[0] in "*+?":
        return int(token[0] == "+"), 1 if token[0] == "?" else None
    counted = _COUNT.match(token)
    if not counted:
        return None
    low = int(counted[1])
    return low, int(counted[3]) if counted[3] else None if counted[2] else low


@cache
def _single(token: str, *, ignorecase: bool) -> _Item:
    if token in _EDGES:
        first, last = (
            rarity.LINE_END if token == "$" else frozenset(),
            rarity.LINE_START if token == "^" else frozenset(),
        )
        return _Item(Factor(token, 0.0, _EDGES[token], first, last))
    if _UNKNOWN.match(token):
        raise _UnknownSyntaxError
    source = f"(?i:{token})" if ignorecase else token
    if token.isalnum():
        ends = rarity.of_letter(token[0], ignorecase=ignorecase), rarity.of_letter(token[-1], ignorecase=ignorecase)
        return _Item(Factor(source, rarity.NAMED * len(token), "word", *ends, True))
    common = rarity.common_in(source)
    is_broad = not common.isdisjoint("eT")
    kind = "class" if is_broad else "" if common == {" "} else "sign"
    return _Item(Factor(source, rarity.of_class(common), kind, common, common, True), is_broad=is_broad)


def _group(alternatives: Sequence[Sequence[_Item]]) -> _Item:
    """Alternatives as one member."""
    if len(alternatives) == 1 and len(alternatives[0]) == 1:
        return alternatives[0][0]
    itself = _any_of(_joined(item.itself for item in items) for items in alternatives)
    if len(alternatives) == 1:
        itself = itself._replace(source=f"(?:{itself.source})")
    is_broad = any(
        items and all(item.is_broad or item.itself.source == " " for item in items) for items in alternatives
    )
    if not any(item.lives for items in alternatives for item in items):
        return _Item(itself, is_broad=is_broad)
    head = _any_of(map(_head, alternatives))
    return _Item(itself, True, is_broad, _any_of(map(_best, alternatives)), head)


def _head(items: Sequence[_Item]) -> Factor:
    """What stands before the first member that lives, and the head of that."""
    pieces = []
    for item in items:
        pieces.append(item.head if item.lives else item.itself)
        if item.lives:
            break
    return _joined(pieces)


def _repeated(item: _Item, low: int, high: int | None, quantifier: str) -> _Item:
    is_loop = high is None or high > _SHORT
    one = item.itself
    itself = one._replace(
        source=f"(?:{one.source}){quantifier}",
        weight=one.weight * min(low, _SHORT),
        kind=one.kind if low else "",
        takes=one.takes and low > 0,
    )
    if item.lives:
        return _Item(itself, True, False, item.inner, item.head) if low else _Item(itself, True)
    if not (is_loop and item.is_broad):
        return _Item(itself, False, item.is_broad)
    if not low:
        return _Item(itself, True)
    head = one._replace(source=f"(?:{one.source}){{{min(low, _LONGEST_HEAD)}}}")
    return _Item(itself, True, False, Factor(), head, one)
