"""Code and markup inside a text: what is not prose, so that rules for prose leave it alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import Any

import re2

from qcheck.alphabet import is_narrow
from qcheck.narrowing import narrowed

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)", re.MULTILINE)
# Inline literals of Markdown and reStructuredText, links' targets, URLs, paths, and tags; all bounded, all on one line.
_INLINE = re.compile(
    r"``[^`\n]{1,300}``|`[^`\n]{1,300}`_{0,2}|\]\([^()\s]{1,500}\)|(?:https?://|www\.)[^\s<>\"”]{1,2000}|"
    r"<https?://[^>\s]{1,500}>"
)
# One of these stands in every inline literal, and one of those in every fence and in every line that introduces code.
# One pass each: a search for every sign took twice as long.
_INLINE_SIGN, _BLOCK_SIGN = re2.compile(rb"`|\]\(|://|www\."), re2.compile(rb"```|~~~|::|\.\. ")
# RE2 for what is looked for in every line: it goes over a whole text at 400 MB/s and no line can make it slow, where
# `re` in a loop over lines took longer than all rules together. Its \w and \S know ASCII alone, hence these two.
_W, _S = r"\p{L}\p{N}_", r"[^\s\p{Z}\x0b\x1c-\x1f\x{85}]"
# A line that only a program, a shell or a markup language would hold.
_CODE_LINE = rf"""(?m)^[ \t]*(?:>>> |\$ {_S}|\.\. [{_W}-]+::|:[{_W}-]+:(?: |$)|@[{_W}][{_W}.]*(?:\(|$)
    |#(?:include|define|ifdef|endif|!/)|(?:def|class) [{_W}].*:$|(?:import|from) [{_W}.]+(?: import .*)?;?$
    |return(?:[^{_W}\n].*)?[;)\]]$
    |(?:for|if|while|elif|else|try|except|with|switch|catch)(?:[(=<>\[]|[^{_W}.\n][^.\n]*[(=<>\[_])[^.\n]*[:{{]$
    |(?:const|let|var|function|public|private|static|void|int|float|char|struct) .*[;{{=(,]$
    |[{_W}.\]\["'$*&-]+ ?(?:=|\+=|==|:=|=>) ?{_S}+[;,]?$|</?[{_W}][^<>\n]*>$|[{{}}\[\]();,]+$
    )|[)\]}}"'] *;[ \t]*$|\{{[ \t]*$""".replace("\n    ", "")
# Signs of Markdown, reStructuredText, wiki text or a page's source: tags and character references are at home there.
_MARKUP_SIGN = rf"""(?im)^[ \t]*(?:```|~~~|\.\. [{_W}-]+::|:[{_W}-]+:|#{{1,6}} {_S}|!\[|>>> |\{{%|\{{\{{
    |<!DOCTYPE|<\?xml|<html(?:[^{_W}]|$))
    |\]\({_S}+\)|\[\[[^\[\]\n]{{1,200}}\]\]|:[{_W}]+:`""".replace("\n    ", "")
_INDENT = re.compile(r"^(?: {4,}|\t| {2,}(?=\S+\())")


@cache
def _program(pattern: str, *, narrow: bool) -> Any:
    """A pattern for texts in the narrow alphabet or for all; compiled when first asked for, 10 ms for all letters."""
    return re2.compile((narrowed(pattern) if narrow else pattern).encode())


def is_markup(text: str) -> bool:
    """Whether the text is the source of a page (Markdown, reStructuredText, wiki text, HTML)."""
    data = text.encode("utf-8", "replace")
    return _program(_MARKUP_SIGN, narrow=is_narrow(data)).search(data) is not None


def code_spans(text: str) -> list[tuple[int, int]]:
    """Spans of fenced blocks, indented blocks that look like code, and inline literals; sorted and disjoint."""
    data = text.encode("utf-8", "replace")
    inline = _INLINE.finditer(text) if _INLINE_SIGN.search(data) else ()
    code = _code_lines(data)
    blocks = _blocks(text, code) if code or _BLOCK_SIGN.search(data) else []
    disjoint: list[tuple[int, int]] = []
    for start, end in sorted([*blocks, *(match.span() for match in inline)]):
        if disjoint and start < disjoint[-1][1]:
            disjoint[-1] = disjoint[-1][0], max(end, disjoint[-1][1])
        else:
            disjoint.append((start, end))
    return disjoint


def _blocks(text: str, code: set[int]) -> list[tuple[int, int]]:
    """Fenced blocks, and paragraphs of indented lines of which at least one is code or follows ``::``."""
    spans, start = [], 0
    fence, fence_start = "", 0
    run: list[tuple[int, int, str]] = []
    introduced = False
    for number, raw in enumerate(text.split("\n")):
        line = raw.removesuffix("\r")
        found = _FENCE.match(line)
        if found and (not fence or found[1].startswith(fence)):
            if fence:
                spans.append((fence_start, start + len(line)))
            fence, fence_start = ("", 0) if fence else (found[1], start)
        elif not fence:
            if line.strip() and not _INDENT.match(line):
                spans += _code_run(run, introduced, code)
                run, introduced = [], line.rstrip().endswith("::") or line.lstrip().startswith(".. ")
                if number in code:
                    spans.append((start, start + len(line)))
            else:
                run.append((number, start, line))
        start += len(raw) + 1
    return spans + _code_run(run, introduced, code)


def _code_lines(data: bytes) -> set[int]:
    """Numbers of the lines that look like code whatever stands around them."""
    data = data.replace(b"\r\n", b"\n").removesuffix(b"\r")
    numbers, number, at = set(), 0, 0
    for match in _program(_CODE_LINE, narrow=is_narrow(data)).finditer(data):
        number += data.count(b"\n", at, at := match.start())
        numbers.add(number)
    return numbers


def _code_run(run: list[tuple[int, int, str]], introduced: bool, code: set[int]) -> list[tuple[int, int]]:
    filled = [(number, start, start + len(line)) for number, start, line in run if line.strip()]
    if filled and (introduced or any(number in code for number, *_ in filled)):
        return [(filled[0][1], filled[-1][2])]
    return []


def covers(spans: list[tuple[int, int]], starts: list[int], offset: int) -> bool:
    """Whether any of the disjoint spans, sorted by start, holds the offset."""
    at = bisect_right(starts, offset)
    return at > 0 and spans[at - 1][1] > offset
