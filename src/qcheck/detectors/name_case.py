"""Names set in lower case where the same text has them cased."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_NAME = re.compile(r"\s*(?:by )?(?P<name>\S+(?: \w\.)? (?P<last>\S+))", re.IGNORECASE)

# What stands second in headings and links of every site, once in capitals and once not.
_COMMON = frozenset(
    """policy service services use terms notice notices statement conditions settings guidelines rights news map menu
    page pages center centre team office store shop hours info guide guides list events links more us you""".split()
)


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield lines that hold a first name and a lower-case word which the text elsewhere writes as a surname.

    Args:
        document: The document.
        candidates: Lines of the shape "Jack phillips".
        params: None.
    """
    text = document.text
    for start, end in candidates:
        found = _NAME.match(text, start, end)
        if not found:
            continue
        last = found["last"]
        cased = last[0].upper() + last[1:]
        name = found["name"][: -len(last)] + cased
        if last not in _COMMON and _occurs(name, text) and not _occurs(last, text, but=found.start("last")):
            yield Hit(Span(*found.span("name")), {"name": name})


def _occurs(words: str, text: str, but: int = -1) -> bool:
    """Whether the words stand in the text as whole words, apart from the place ``but``."""
    return words in text and any(m.start() != but for m in re.finditer(rf"\b{re.escape(words)}\b", text))
