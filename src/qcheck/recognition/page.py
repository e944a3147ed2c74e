"""Everything together for a language: tables read once, texts into suspects."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from qcheck.recognition.channel import Channel
from qcheck.recognition.features import Extractor
from qcheck.recognition.judge import Judge
from qcheck.recognition.lexicon import Lexicon, load_lexicon
from qcheck.recognition.reading import Reader


class PageReader(NamedTuple):
    lexicon: Lexicon
    channel: Channel
    extractor: Extractor
    judge: Judge


def _mistakable(path: Path) -> dict[str, list[tuple[str, float]]]:
    table = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("# "):
            word, *others = line.split("\t")
            table[word] = [(o.split(" ")[0], float(o.split(" ")[1])) for o in others]
    return table


@cache
def load_page_reader(folder: Path) -> PageReader:
    lexicon = load_lexicon(folder)
    channel = Channel(lexicon, folder / "confusions.tsv")
    extractor = Extractor(lexicon, Reader(lexicon, channel), _mistakable(folder / "mistakable.tsv"))
    judge = Judge.read(folder / "judge.tsv") if (folder / "judge.tsv").exists() else Judge({})
    return PageReader(lexicon, channel, extractor, judge)
