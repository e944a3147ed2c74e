"""What a run has to do: shards, the names of their outputs, and the keys that tell old work from new."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from qcheck import __version__
from qcheck.checker import Checker
from qcheck.errors import QcheckError
from qcheck.rules import rules_folder
from qcheck.run.listing import Listing
from qcheck.sinks import Wanted
from qcheck.sources import File, Options, Unreadable
from qcheck.sources.formats import format_of, split_name
from qcheck.sources.opening import remote

TEXTS = "texts.jsonl"
_BLOCK = 1 << 20
# What changes the bytes of outputs goes into a run's key; so does this number when their form changes.
_FORM = 1


@dataclass(frozen=True, slots=True)
class Shard:
    """A unit of output: one file of records, or all text files of a run.

    Attributes:
        index: Its place among the shards.
        file: The file; of text files, what stands for them all.
        name: Where its outputs go, below their folder, without the suffix of a compression.
        texts: The text files, if it is those.
    """

    index: int
    file: File
    name: str
    texts: Listing | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a run reads.

    Attributes:
        shards: What there is to do.
        skipped: What the walk of folders left out, by kind.
    """

    shards: list[Shard]
    skipped: Counter[str]


def shards_of(found: Iterable[File | Unreadable], options: Options) -> list[Shard]:
    """Shards in the order of the walk, text files together behind the others.

    Raises:
        QcheckError: Two shards would write the same file.
    """
    records, texts = list[File](), Listing()
    for file in found:
        if isinstance(file, Unreadable) or format_of(file, options) == "text":
            texts.add(file)
        else:
            records.append(file)
    shards = [Shard(index, file, name) for index, (file, name) in enumerate(zip(records, _names(records), strict=True))]
    if texts:
        shards.append(Shard(len(shards), File(TEXTS, None), TEXTS, texts))
    names = Counter(shard.name for shard in shards)
    if double := next((name for name, count in names.items() if count > 1), None):
        both = ", ".join(shard.file.name for shard in shards if shard.name == double)
        raise QcheckError(f"{both} would be written to the same {double}: give them to two runs, or rename one")
    return shards


def _names(files: list[File]) -> Iterator[str]:
    """Output names: as the inputs stand below the folder that they share."""
    places = [_place(file) for file in files]
    folders = {str(PurePosixPath(place).parent) for place in places}
    shared = os.path.commonpath(folders) if folders else ""
    split = [split_name(os.path.relpath(place, shared or ".")) for place in places]
    counts = Counter(stem for stem, _ in split)
    for stem, codec in split:
        name = PurePosixPath(stem)
        if counts[stem] > 1 and codec:  # a.jsonl.gz beside a.jsonl becomes a.gz.jsonl.gz
            name = name.with_name(f"{name.stem}.{codec}{name.suffix}")
        yield f"{name}.jsonl" if name.suffix in (".wet", ".warc") else str(name)


def _place(file: File) -> str:
    if file.url:
        return "/" + file.url.partition("://")[2].lstrip("/")
    return os.path.abspath(file.path) if file.path else os.path.abspath("stdin.jsonl")


def settings_of(checker: Checker, options: Options, wanted: Wanted) -> dict[str, Any]:
    """Everything that decides the bytes of the outputs, but for the inputs."""
    return {
        "qcheck": __version__,
        "form": _FORM,
        "rules": {"count": len(checker.rules), "sha256": rules_hash(checker)},
        "reading": asdict(options),
        "writing": asdict(wanted),
        "per_file_ignores": {glob: list(words) for glob, words in checker.settings.per_file_ignores.items()},
    }


def rules_hash(checker: Checker) -> str:
    """A hash of the rules that run and of all files they may use: rule files, word tables, weights."""
    seen = hashlib.sha256(" ".join(rule.code for rule in checker.rules).encode())
    for folder in (rules_folder(), *checker.settings.extend_rules):
        for path in sorted(path for path in Path(folder).rglob("*") if path.suffix in (".toml", ".tsv")):
            seen.update(os.fsencode(path.relative_to(folder)) + b"\0" + path.read_bytes())
    return seen.hexdigest()


def key_of(value: Any) -> str:
    """A short name for a value of JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:32]


def contents_of(shard: Shard) -> str:
    """What tells a changed input: the hash of a file's bytes, or what a remote file system offers.

    Of text files it is their names, sizes and times. Empty where nothing can be said; such a shard is always read.
    """
    if shard.texts:
        seen = hashlib.sha256()
        for file in shard.texts:
            seen.update(json.dumps(_stamp(file)).encode())
        return seen.hexdigest()[:32]
    try:
        if shard.file.path:
            return _hash(shard.file.path)
        return key_of(remote(shard.file.url, lambda fs, path: fs.ukey(path))) if shard.file.url else ""
    except (OSError, QcheckError):
        return ""


def _hash(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _stamp(file: File | Unreadable) -> list[Any]:
    if isinstance(file, Unreadable):
        return [file.id, file.error]
    try:
        state = file.path.stat() if file.path else None
    except OSError as error:
        return [file.name, str(error)]
    return [file.name, state.st_size, state.st_mtime_ns] if state else [file.name]
