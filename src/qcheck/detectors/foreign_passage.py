"""Runs of another language's function words inside a line that is otherwise English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcheck.document import Document, Span
from qcheck.scan.hit import Hit

_TOKEN = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|[.!?;:“”\"()«»*_`]")
# Function words that are no English words; English text has them only in names, titles and loans, all of which are
# capitalised, quoted or shorter than the runs asked for here.
_FUNCTION_WORDS = {
    "fr": """que qui les des une est dans pour avec vont aux leur leurs cette ces ont sont mais elle elles nous vous
        ils était étaient être avait avaient aussi selon entre depuis pendant lors afin ainsi très sera seront peut
        peuvent doit doivent fait faire dont chez donc alors encore même tous toutes toute plusieurs notre votre au du
        qu’il""",
    "es": """que los las una del por con para pero como más este esta estos estas fue fueron será serán desde hasta
        entre según también sobre donde cuando porque muy sus ser está están había han sido puede pueden debe todo
        todos""",
    "de": """der und das den dem des ein eine einer einem einen ist sind wird werden wurde wurden nicht auch auf für
        mit von zu zum zur aus bei nach über unter vor durch dass oder aber wenn sich sie wir ihr haben hatte hatten
        sein kann können muss müssen soll sollen noch nur sehr""",
    "it": """che gli della delle dello degli nel nella nelle sono una con per anche più questo questa questi queste
        dopo prima come essere stato stata stati hanno aveva può possono deve sul sulla dal dalla alla alle tra
        quando""",
    "pt": """que uma dos das para com não mais pelo pela pelos pelas está estão foi foram será serão também entre seus
        suas desde até porque quando onde muito sobre ser tem têm isso este esta nos nas ao aos""",
    "nl": """het een van voor met niet zijn wordt worden werd werden naar ook bij door aan uit maar deze dit heeft
        hebben kan kunnen moet moeten zal zullen over als dan nog tussen""",
}
_WORDS_OF = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_LETTERS_OF_OTHERS = re.compile(r"[à-öø-ÿąćęłńśźżčďěňřšťůžğışő]")
# Of the words that make a line English, those that no neighbour shares ("in", "on", "was", "as" are shared).
_ENGLISH = frozenset(
    """the of and to for that with this from have they which had would said were been their but there when all more out
    about into than what next after before its his her""".split()
)
# Below it the line may be foreign as a whole: a quotation, a title, a translation beside the original.
_FEWEST_ENGLISH = 2
_FEWEST_FUNCTION_WORDS = 2
_QUOTES = set('“”"«»()*_`')
# A whole line must be long, and rich in the other language's function words (its prose has 25 to 45 % of them).
_SHORTEST_LINE = 60
_FOREIGN_SHARE = 0.2
_FEWEST_SIGNS = 4
_FEWEST_WORDS = 4


def find(document: Document, candidates: Sequence[Span], params: Mapping[str, object]) -> Iterator[Hit]:
    """Yield foreign passages in lines that also hold English.

    Args:
        document: The document.
        candidates: Two neighbouring words that one other language uses and English does not.
        params: ``whole_lines``: yield lines that are foreign as a whole instead.
    """
    judge = _whole_line if params.get("whole_lines") else _in_line
    done = -1
    for candidate in candidates:
        number = document.line_number(candidate.start)
        if number == done:
            continue
        done = number
        yield from judge(document, document.lines[number])


def _in_line(document: Document, line: Span) -> Iterator[Hit]:
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(document.text, line.start, line.end)]
    english = sum(token.lower() in _ENGLISH for token, _, _ in tokens)
    for language, words in _WORDS_OF.items():
        for first, last in _runs(tokens, words) if english >= _FEWEST_ENGLISH else ():
            yield Hit(Span(tokens[first][1], tokens[last][2]), {"language": language})


def _whole_line(document: Document, line: Span) -> Iterator[Hit]:
    words = [m[0].lower() for m in _TOKEN.finditer(document.text, line.start, line.end)]
    if line.end - line.start < _SHORTEST_LINE or sum(word in _ENGLISH for word in words) >= _FEWEST_ENGLISH:
        return
    shares = {name: sum(word in known for word in words) / len(words) for name, known in _WORDS_OF.items()}
    language = max(shares, key=lambda name: shares[name])
    if shares[language] >= _FOREIGN_SHARE:
        yield Hit(line, {"language": language})


def _runs(tokens: list[tuple[str, int, int]], words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """First and last token of each run that holds enough signs of the language, unquoted and uncapitalised."""
    signs = [i for i, (token, _, _) in enumerate(tokens) if token in words or _LETTERS_OF_OTHERS.search(token)]
    groups: list[list[int]] = []
    for i in signs:
        if groups and i - groups[-1][-1] <= 3 and _bridges(tokens[groups[-1][-1] + 1 : i]):
            groups[-1].append(i)
        else:
            groups.append([i])
    for group in groups:
        inside = [token for token, _, _ in tokens[group[0] : group[-1] + 1]]
        function_words = {token for token in inside if token in words}
        enough = len(group) >= _FEWEST_SIGNS and len(function_words) >= _FEWEST_FUNCTION_WORDS
        around = tokens[max(0, group[0] - 1)][0], tokens[min(len(tokens) - 1, group[-1] + 1)][0]
        plain = not _QUOTES & {*around, *inside} and all(token.islower() for token in inside)
        if enough and plain and len(inside) >= _FEWEST_WORDS:
            yield group[0], group[-1]


def _bridges(between: list[tuple[str, int, int]]) -> bool:
    return all(token.islower() and token not in _ENGLISH for token, _, _ in between)
