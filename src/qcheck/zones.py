"""Code and markup inside a text: what is not prose, so that rules for prose leave it alone."""

from __future__ import annotations

import re
from bisect import bisect_right

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)", re.MULTILINE)
# Inline literals of Markdown and reStructuredText, links' targets, URLs, paths, and tags; all bounded, all on one line.
_INLINE = re.compile(
    r"``[^`\n]{1,300}``|`[^`\n]{1,300}`_{0,2}|\]\([^()\s]{1,500}\)|(?:https?://|www\.)[^\s<>\"”]{1,2000}|"
    r"<https?://[^>\s]{1,500}>"
)
# A line that only a program, a shell or a markup language would hold. Each alternative runs along the line once: a
# 20,000-character line of '(' after 'if' took 2 s when two stars could share it.
_CODE_LINE = re.compile(
    r"""^[ \t]*(?:
      >>>[ ]|\$[ ]\S|\.\.[ ][\w-]+::|:[\w-]+:(?:[ ]|$)|@\w[\w.]*(?:\(|$)|\#(?:include|define|ifdef|endif|!/)
      |(?:def|class)[ ]\w.*:$|(?:import|from)[ ][\w.]+(?:[ ]import[ ].*)?;?$|return\b.*[;)\]]$
      |(?:for|if|while|elif|else|try|except|with|switch|catch)\b(?=[^.]*[:{]$)[^.(=<>\[_]*[(=<>\[_][^.]*$
      |(?:const|let|var|function|public|private|static|void|int|float|char|struct)[ ].*[;{=(,]$
      |[\w.\]\["'$*&-]+[ ]?(?:=|\+=|==|:=|=>)[ ]?\S+[;,]?$|</?\w[^<>]*>$|[{}\[\]();,]+$
    )|(?:\)|\]|\}|["'])[ ]*;[ \t]*$|\{[ \t]*$""",
    re.VERBOSE,
)
# Signs of Markdown, reStructuredText, wiki text or a page's source: tags and character references are at home there.
_MARKUP_SIGN = re.compile(
    r"^[ \t]*(?:```|~~~|\.\. [\w-]+::|:[\w-]+:|#{1,6} \S|!\[|>>> |\{%|\{\{|<!DOCTYPE|<\?xml|<html\b)|"
    r"\]\(\S+\)|\[\[[^\[\]\n]{1,200}\]\]|:\w+:`",
    re.MULTILINE | re.IGNORECASE,
)
_INDENT = re.compile(r"^(?: {4,}|\t| {2,}(?=\S+\())")


def is_markup(text: str) -> bool:
    """Whether the text is the source of a page (Markdown, reStructuredText, wiki text, HTML)."""
    return _MARKUP_SIGN.search(text) is not None


def code_spans(text: str) -> list[tuple[int, int]]:
    """Spans of fenced blocks, indented blocks that look like code, and inline literals; sorted and disjoint."""
    disjoint: list[tuple[int, int]] = []
    for start, end in sorted([*_blocks(text), *(match.span() for match in _INLINE.finditer(text))]):
        if disjoint and start < disjoint[-1][1]:
            disjoint[-1] = disjoint[-1][0], max(end, disjoint[-1][1])
        else:
            disjoint.append((start, end))
    return disjoint


def _blocks(text: str) -> list[tuple[int, int]]:
    """Fenced blocks, and paragraphs of indented lines of which at least one is code or follows ``::``."""
    spans, start = [], 0
    fence, fence_start = "", 0
    run: list[tuple[int, str]] = []
    introduced = False
    for raw in text.split("\n"):
        line = raw.removesuffix("\r")
        found = _FENCE.match(line)
        if found and (not fence or found[1].startswith(fence)):
            if fence:
                spans.append((fence_start, start + len(line)))
            fence, fence_start = ("", 0) if fence else (found[1], start)
        elif not fence:
            if line.strip() and not _INDENT.match(line):
                spans += _code_run(run, introduced)
                run, introduced = [], line.rstrip().endswith("::") or line.lstrip().startswith(".. ")
                if _CODE_LINE.search(line):
                    spans.append((start, start + len(line)))
            else:
                run.append((start, line))
        start += len(raw) + 1
    return spans + _code_run(run, introduced)


def _code_run(run: list[tuple[int, str]], introduced: bool) -> list[tuple[int, int]]:
    filled = [(start, line) for start, line in run if line.strip()]
    if filled and (introduced or any(_CODE_LINE.search(line) for _, line in filled)):
        return [(filled[0][0], filled[-1][0] + len(filled[-1][1]))]
    return []


def covers(spans: list[tuple[int, int]], starts: list[int], offset: int) -> bool:
    """Whether any of the disjoint spans, sorted by start, holds the offset."""
    at = bisect_right(starts, offset)
    return at > 0 and spans[at - 1][1] > offset
