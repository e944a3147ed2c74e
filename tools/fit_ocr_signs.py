"""Write rules/ocr/en/signs.tsv: the patterns that say cheaply whether a text may be a scan.

    python tools/fit_ocr_signs.py --scans SCANS.jsonl [--part 0|1]

Reads the tables that tools/fit_ocr.py has written before, the list of misread words, and of the scans (records
``{text, errors}``) which misreadings of little words they repeat. The result is the same for the same input.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Set
from pathlib import Path
from typing import Any

from qcheck.recognition.lexicon import Lexicon

FOLDER = Path(__file__).resolve().parent.parent / "rules" / "ocr" / "en"
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
COMMONEST = frozenset(
    """the of and to in that was for with on by he it is at from be his had were which as been this have not are an will
    they but who their there when would her has no him said one all she been more some time made into its""".split()
)
# Short tokens in lower case that are no words and stand in sound texts all the same: abbreviations, little words of
# other languages that stand in names, interjections.
SOUND = frozenset(
    """th st nd rd vs hz mhz dl ml sq cc ad ce bc gb tb app apps css sql dna rna org net com gov edu jpg npm src img
    ii iii iv vi vii viii ix xi xii xiv xv um uh uhh erm ah oh ho ha ye mi ok id tv uk us eu un dc ny la le les los las
    de del der die das und von van en y el da du di et al au im zu ist que una por para il lo""".split()
)
# A glance at any text: 2 ns a byte. Marks and capitals where nothing sound has them, stray letters.
SHAPES = (
    r"[a-z][|^~§¦■•»«¡][a-z]",
    r" [A-Za-z][a-z]*(?:[;:!][a-z]|[)\[\]][a-z][a-z])[a-z ]",
    r" [a-z]+[0-9][a-z][a-z]",
    r"[ a-z][a-z][a-z][B-Z][a-z]? ",
    r" [;,^~•■«»] ?[a-z][a-z]",
    r" \?[A-Za-z][a-z]|[0-9]-\?[0-9]",
    r"[a-z] [.,;^~•■¡«»][a-z][a-z]|[a-z][~^•■¡«»] [a-z]|[a-z,.] [*^_~•■|¡«»·¬] [a-z]",
    r"[a-z] [!?»¡] [a-z]|[\n ][!?»¡«] ?[a-z]|[a-z.]«[ \n]|-«",
    r"[a-z,] [b-hj-zJ][ ,] ?[a-z][a-z]",
    r"\b[A-Z][A-Z]+[a-z][a-z]?[A-Z]",
    r"[a-z] (?:In|Is|Its|It|He|Tho|Of|To|By|And|As|At|On|Tlie|Was) [a-z]",
    # w read as Av, iv, vv
    r"\bAvh[a-z]| vv[a-z]|[ ,.]iv[ae][a-z]",
    # Halves of words, parted where a line of the scan ended.
    r" (?:tions?|ments?|ing|sion|ness|[ae]nce|tation|ther|tive|ture|ity|ble|ly|tered|tained|ceived)[ ,.;]",
)


def main() -> None:
    """Write one line for each pattern: which texts it is for, and the pattern."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=Path, required=True)
    parser.add_argument("--part", type=int, choices=(0, 1), help="learn from every second document, from this one on")
    options = parser.parse_args()
    scans = [json.loads(line) for line in options.scans.read_text(encoding="utf-8").splitlines() if line.strip()]
    lexicon = Lexicon(FOLDER)
    listed = _listed() | _repeated(scans if options.part is None else scans[options.part :: 2], lexicon)
    lines = [
        "# Which texts (any, or short ones), and a pattern of RE2 that hardly matches in sound text."
        " By tools/fit_ocr_signs.py.",
        rf"any	\b(?:{'|'.join(sorted(listed))})\b",
        f"any	[ \\n](?:{_no_words(lexicon, 2)}|{_no_words(lexicon, 3)})[ ,;]",
        *(f"any	{shape}" for shape in SHAPES),
        *(f"short	{pattern}" for pattern in _rare_threes(lexicon)),
    ]
    (FOLDER / "signs.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _listed() -> set[str]:
    """Misreadings that a rule of its own reports."""
    rows = (FOLDER.parent / "misread-words.tsv").read_text(encoding="utf-8").split("\n")
    return {row.split("\t")[0] for row in rows if row and not row.startswith("#")}


def _repeated(scans: list[dict[str, Any]], lexicon: Lexicon) -> set[str]:
    """What two or more scans make of the commonest words, three times or more."""
    errors, documents = Counter[str](), defaultdict[str, set[int]](set)
    for number, scan in enumerate(scans):
        for error in scan["errors"]:
            seen = scan["text"][error["start"] : error["end"]].strip(".,;:'\"")
            meant = error["gold"].strip(".,;:'\"").lower()
            if meant in COMMONEST and seen.isalpha() and seen.islower() and seen not in lexicon.words and len(seen) > 1:
                errors[seen] += 1
                documents[seen].add(number)
    return {word for word in errors if errors[word] >= 3 and len(documents[word]) >= 2}


def _no_words(lexicon: Lexicon, length: int) -> str:
    """A pattern for every string of so many letters that is no word."""
    known = {*lexicon.words, *lexicon.abbreviations, *SOUND}
    return _complement(frozenset(w for w in known if len(w) == length and w.isalpha() and w.isascii()), length)


def _complement(words: Set[str], length: int) -> str:
    if length == 1:
        return _class(sorted(set(ALPHABET) - words))
    groups = defaultdict[str, list[str]](list)
    for letter in ALPHABET:
        groups[_complement({word[1:] for word in words if word[0] == letter}, length - 1)].append(letter)
    return f"(?:{'|'.join(_class(heads) + tail for tail, heads in groups.items() if tail)})"


def _class(letters: list[str]) -> str:
    return "".join(letters) if len(letters) < 2 else f"[{''.join(letters)}]"


def _rare_threes(lexicon: Lexicon) -> Iterator[str]:
    """Letters in threes that no word has within it, at its beginning or at its end."""
    counts = Counter[str]()
    for known, weight in ((lexicon.words, 3), (lexicon.names, 1), (("http", "https"), 3)):
        for word in filter(str.isalpha, known):
            counts.update(dict.fromkeys(_threes(word), weight))
    yield rf" [a-z]+{_rows_of(lambda three: counts[three] <= 2)}"
    yield f" {_rows_of(lambda three: not counts['^' + three])}[a-z]"
    yield rf" [a-z]+{_rows_of(lambda three: not counts[three + '$'])}[ ,;]"


def _threes(word: str) -> Iterator[str]:
    """Letters in threes, marked where they open or close the word."""
    yield f"^{word[:3]}"
    yield f"{word[-3:]}$"
    for at in range(len(word) - 2):
        yield word[at : at + 3]


def _rows_of(is_rare: Callable[[str], bool]) -> str:
    """One pattern of all rare threes: first two letters, and a class of third ones."""
    tails = {
        head: _class([letter for letter in ALPHABET if is_rare(head + letter)])
        for head in (one + two for one in ALPHABET for two in ALPHABET)
    }
    return f"(?:{'|'.join(head + tail for head, tail in tails.items() if tail)})"


if __name__ == "__main__":
    main()
