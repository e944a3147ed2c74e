"""Hits into findings: the message for this place, and the fix with its edits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from qcheck.document import Document, Span
from qcheck.finding import Edit, Finding, Fix
from qcheck.rules.model import MATCH, FixSpec, PhrasesMatch, Rule, phrase_key
from qcheck.scan.hit import Hit

_FIELD = re.compile(r"\{(\w+)\}")
_LONGEST_QUOTE = 60


def build_finding(rule: Rule, hit: Hit, document: Document) -> Finding:
    """The finding of a rule at a hit."""
    start, end = hit.span
    text = document.text[start:end]
    fields = {**hit.fields, "text": text}
    short = {name: _shortened(value) for name, value in fields.items()}
    return Finding(rule, start, end, expand(rule.message, short), _fix(rule, hit, fields, document), document)


def expand(template: str, fields: Mapping[str, str]) -> str:
    """Fill ``{name}`` from the fields; names without a field stay as they are.

    Not ``str.format``: rule files may come from strangers, and its templates reach into objects.
    """
    if "{" not in template:
        return template
    pieces = list(_pieces(template))
    pieces[1::2] = [fields.get(name, f"{{{name}}}") for name in pieces[1::2]]
    return "".join(pieces)


@lru_cache(1000)
def _pieces(template: str) -> tuple[str, ...]:
    """Text and names of fields by turns. Remembered: searched for in each finding they took nearly twice as long."""
    return tuple(_FIELD.split(template))


def template_fields(template: str) -> list[str]:
    """The names that :func:`expand` fills in."""
    return _FIELD.findall(template)


def _shortened(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= _LONGEST_QUOTE else folded[: _LONGEST_QUOTE - 1] + "…"


def _fix(rule: Rule, hit: Hit, fields: Mapping[str, str], document: Document) -> Fix | None:
    spec = rule.fix
    if spec is None:
        return None
    edits = hit.edits or _edits(rule, spec, hit, fields, document)
    if not edits and not hit.candidates and not spec.advice:
        return None
    return Fix(spec.safety, edits, hit.candidates, expand(spec.advice, fields))


def _edits(rule: Rule, spec: FixSpec, hit: Hit, fields: Mapping[str, str], document: Document) -> tuple[Edit, ...]:
    if spec.delete == "line" or (spec.delete == "span" and _fills_its_lines(document, hit.span)):
        return (_delete_lines(document, hit.span),)
    if spec.delete == "span":
        return (_delete_span(document.text, hit.span),)
    if spec.replace is not None:
        target = hit.target or (hit.span if spec.target == MATCH else None)
        return (Edit(*target, expand(spec.replace, fields)),) if target else ()
    replacement = _phrase_replacement(rule, fields["text"])
    return (Edit(*hit.span, replacement),) if replacement is not None else ()


def _phrase_replacement(rule: Rule, text: str) -> str | None:
    """What the phrase table says to write, in the case of what stands there."""
    if not isinstance(rule.match, PhrasesMatch):
        return None
    as_written, by_key = rule.match.replacements
    if text in as_written:
        return as_written[text]
    found = by_key.get(phrase_key(text))
    if found and text[:1].isupper():
        return found.upper() if text.isupper() and len(text) > 1 else found[0].upper() + found[1:]
    return found


def _fills_its_lines(document: Document, span: Span) -> bool:
    """Whether nothing but blanks would stay on the lines of a span; taking it out must not leave an empty line."""
    first, last = document.line_number(span.start), document.line_number(max(span.start, span.end - 1))
    around = (
        document.text[document.lines[first].start : span.start] + document.text[span.end : document.lines[last].end]
    )
    return not around.strip()


def _delete_span(text: str, span: Span) -> Edit:
    """Take the span out with the blanks before it, or after it where it opens a line."""
    start, end = span
    while start and text[start - 1] in " \t\u00a0":
        start -= 1
    if start == 0 or text[start - 1] == "\n":
        start = span.start
        while end < len(text) and text[end] in " \t\u00a0":
            end += 1
    return Edit(start, end, "")


def _delete_lines(document: Document, span: Span) -> Edit:
    first, last = document.line_number(span.start), document.line_number(max(span.start, span.end - 1))
    return Edit(*document.lines_out(first, last), "")
