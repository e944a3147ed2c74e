"""The library's front door: build a Checker once, check many documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

from qcheck.document import Document
from qcheck.report import Report
from qcheck.rules import known_rules, rules_folder
from qcheck.rules.model import Rule
from qcheck.rules.selection import check_words, select_rules
from qcheck.scan.engine import Scanner
from qcheck.score import Weights, load_weights
from qcheck.settings import Settings
from qcheck.suppress import suppressed

T = TypeVar("T", bound=str | Path)


class Checker:
    """Rules made ready to run. Picklable, so that worker processes can have one each.

    Args:
        select: Codes, names, families, prefixes or ``ALL``; default: the settings', or every stable rule.
        ignore: The same kind of words, for what must not run; beside the settings'.
        rules: Folders of further rules, each with ``<family>/<name>.toml`` below it.
        config: A settings file, a :class:`qcheck.Settings`, or ``None`` for the defaults (no file is looked for).
        preview: Run preview rules too.

    Raises:
        QcheckError: A rule does not load, a word selects nothing, or the settings are wrong.

    >>> import qcheck
    >>> checker = qcheck.Checker(select=["encoding", "typography"])
    >>> report = checker.check("The offer ends on Friday,, they said.")
    >>> [(f.rule.name, f.start, f.end) for f in report.findings]
    [('doubled-punctuation', 24, 26)]
    """

    def __init__(
        self,
        select: str | Iterable[str] | None = None,
        ignore: str | Iterable[str] | None = None,
        rules: str | Path | Iterable[str | Path] | None = None,
        config: str | Path | Settings | None = None,
        *,
        preview: bool = False,
    ) -> None:
        settings = config if isinstance(config, Settings) else Settings.load(Path(config)) if config else Settings()
        known = known_rules([*settings.extend_rules, *map(Path, _listed(rules))])
        chosen = select_rules(
            known,
            _listed(select) if select is not None else settings.select,
            [*settings.ignore, *_listed(ignore)],
            settings.extend_select,
            preview=preview or settings.preview,
        )
        check_words((word for words in settings.per_file_ignores.values() for word in words), known)
        self._set_up(chosen, settings, load_weights(rules_folder() / "score.toml"))

    @classmethod
    def of_rules(
        cls, rules: Iterable[Rule], settings: Settings | None = None, weights: Weights | None = None
    ) -> Checker:
        """A checker that runs exactly these rules, whatever their status."""
        checker = cls.__new__(cls)
        checker._set_up(tuple(rules), settings or Settings(), weights or load_weights(rules_folder() / "score.toml"))
        return checker

    def _set_up(self, rules: tuple[Rule, ...], settings: Settings, weights: Weights) -> None:
        self.rules, self.settings, self.weights = rules, settings, weights
        self._scanner = Scanner(rules)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Checker.of_rules, (self.rules, self.settings, self.weights)

    def check(self, text: str, id: str | None = None) -> Report:
        """Check one text; any ``str`` will do, lone surrogates included.

        Args:
            text: The text.
            id: What reports call it; a path, for settings that depend on paths.
        """
        return self.check_document(Document(text, id))

    def check_document(self, document: Document) -> Report:
        """Check a document; what is known of it already is not worked out again."""
        scan = self._scanner.scan(document)
        return Report(document, suppressed(scan.findings, document.id, self.settings), scan.errors, self)

    def check_many(
        self, documents: Iterable[str | tuple[str | None, str] | Document], workers: int | None = None
    ) -> Iterator[Report]:
        """Check documents as they come; reports come in the same order, and memory stays bounded.

        Args:
            documents: Texts, (id, text) pairs or documents.
            workers: Processes to use; ``None`` or 1 checks in this one.

        Raises:
            QcheckError: A worker process died.
            TypeError: `documents` is one text, whose letters would each be a document.

        >>> import qcheck
        >>> [r.id for r in qcheck.Checker().check_many([("a", "One."), ("b", "Two.")])]
        ['a', 'b']
        """
        if isinstance(documents, str):
            raise TypeError("check_many takes several texts; for one, call check(text) or pass [text]")
        if workers is None or workers <= 1:
            yield from map(self.check_document, map(_document, documents))
            return
        from qcheck.parallel import check_in_processes

        yield from check_in_processes(self, map(_document, documents), workers)


def _document(item: str | tuple[str | None, str] | Document) -> Document:
    if isinstance(item, Document):
        return item
    if isinstance(item, str):
        return Document(item)
    id_, text = item
    return Document(text, id_)


def _listed(words: T | Iterable[T] | None) -> list[T]:
    """A lone word is a list of one: a string's letters are never meant."""
    if words is None:
        return []
    return [words] if isinstance(words, str | Path) else list(words)


@cache
def _default_checker() -> Checker:
    return Checker()


def check(text: str, id: str | None = None) -> Report:
    """Check one text with the default rules; the checker is built on the first call.

    >>> import qcheck
    >>> report = qcheck.check("The talks will go on in May, officials said. ..")
    >>> [(f.rule.code, f.text) for f in report.findings]
    [('MT201', '. ..')]
    >>> report.score.verdict
    <Verdict.DROP: 'drop'>
    """
    return _default_checker().check(text, id)
