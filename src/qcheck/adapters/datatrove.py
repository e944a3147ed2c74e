"""datatrove pipelines: a step that annotates documents, and a filter that drops them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.writers.disk_base import DiskWriter

from qcheck.adapters import check_texts, options


class QcheckAnnotator(PipelineStep):
    """Writes qcheck's columns into the metadata of every document; drops none.

    Args:
        arguments: What :func:`qcheck.adapters.options` takes, without ``text`` and ``id``.
    """

    type = "🔎 - ANNOTATE"
    name = "qcheck"

    def __init__(self, **arguments: Any) -> None:
        super().__init__()
        self.wanted = options(**arguments)

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Annotate the documents of one task."""
        for document in data:
            with self.track_time():
                (row,) = check_texts([document.text], [document.id], self.wanted)
                document.metadata |= {self.wanted.prefix + column: value for column, value in row.items()}
            self.stat_update(f"verdict_{row.get('verdict')}")
            yield document


class QcheckFilter(BaseFilter):
    """Drops documents by verdict or score; the reason goes to the exclusion writer and the statistics.

    A document whose text is no string is dropped with the reason ``no_text``: it goes to the exclusion writer.

    Args:
        verdicts: The verdicts that stay.
        min_score: What documents must score at least, beside that.
        exclusion_writer: Where dropped documents go.
        arguments: What :func:`qcheck.adapters.options` takes of a checker.
    """

    name = "🔎 qcheck"

    def __init__(
        self,
        verdicts: Iterable[str] = ("keep", "fix"),
        min_score: float = 0.0,
        exclusion_writer: DiskWriter | None = None,
        **arguments: Any,
    ) -> None:
        super().__init__(exclusion_writer)
        self.verdicts, self.min_score = tuple(verdicts), min_score
        self.wanted = options(columns=("score", "verdict"), **arguments)

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether the document stays, or why not."""
        (row,) = check_texts([doc.text], [doc.id], self.wanted)
        if row["verdict"] is None:
            return False, "qcheck_no_text"
        if row["verdict"] not in self.verdicts:
            return False, f"qcheck_{row['verdict']}"
        return (True, "") if row["score"] >= self.min_score else (False, "qcheck_score")
