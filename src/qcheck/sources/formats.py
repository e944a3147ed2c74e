"""Which format reads a file: by what was asked for, or by its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from qcheck.sources import Batch, Batches, File, Options, Record, Unreadable, columnar, delimited, jsonl, text, wet
from qcheck.sources.compression import CODECS
from qcheck.sources.opening import Opened

NAMES = ("text", "jsonl", "csv", "tsv", "parquet", "arrow", "wet")
_SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
    ".wet": "wet",
    ".warc": "wet",
}
_ZIPPED = tuple(f".{codec}" for codec in CODECS)
# Name patterns of files of records, and of texts that are compressed, for walks that want them. A bare .json is one
# object as a rule and no file of records, but dolma calls its compressed JSON Lines .json.gz.
PATTERNS = (
    *(f"*{suffix}" for suffix in _SUFFIXES),
    *(
        f"*{suffix}{zipped}"
        for suffix in (".txt", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".wet", ".warc")
        for zipped in _ZIPPED
    ),
)


def format_of(file: File, options: Options) -> str:
    """The name of a file's format; whatever has none of its own is plain text.

    >>> from qcheck.sources import File, Options
    >>> [format_of(File(name, None), Options()) for name in ("a.jsonl.zst", "CC-1.warc.wet.gz", "b.txt.gz", "c")]
    ['jsonl', 'wet', 'text', 'text']
    """
    if options.input_format:
        return options.input_format
    stem, codec = split_name(file.name)
    suffix = PurePosixPath(stem).suffix.lower()
    if suffix == ".json" and codec:
        return "jsonl"
    return _SUFFIXES.get(suffix, "text")


def split_name(name: str) -> tuple[str, str]:
    """A file's name without the suffix of its compression, and that suffix without its dot.

    >>> split_name("a.jsonl.zst"), split_name("a.jsonl")
    (('a.jsonl', 'zst'), ('a.jsonl', ''))
    """
    codec = PurePosixPath(name).suffix.lower().removeprefix(".")
    return (name[: -len(codec) - 1], codec) if codec in CODECS else (name, "")


def batches(source: Opened, options: Options) -> Batches:
    """The raw records of an open file, in order, in batches."""
    name = format_of(source.file, options)
    if name == "jsonl":
        return jsonl.batches(source, options)
    if name == "wet":
        return wet.batches(source, options)
    if name in delimited.DELIMITERS:
        return delimited.batches(source, options, name)
    return columnar.batches(source, options, name)


def parse(batch: Batch, options: Options) -> Iterator[Record]:
    """The records of a batch."""
    if batch.format == "jsonl":
        return jsonl.parse(batch, options)
    if batch.format == "wet":
        return wet.parse(batch, options)
    if batch.format == "text":
        return text.parse(batch, options)
    if batch.format in delimited.DELIMITERS:
        return delimited.parse(batch, options)
    return columnar.parse(batch, options)


def is_empty_archive(file: File, source: Opened) -> bool:
    """Whether a file is called compressed and holds nothing: what a failed copy leaves behind."""
    return bool(split_name(file.name)[1]) and source.position() == 0


__all__ = ["NAMES", "PATTERNS", "Unreadable", "batches", "format_of", "parse", "split_name"]
