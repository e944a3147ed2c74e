"""What tells page furniture from text in a line by itself.

Features are names in plain words, so that a model is a table of weights that can be read, and a finding can say what
spoke for it. ``benchmarks/fit_blocks.py`` fits the weights with these same functions; ``furniture_company.py`` has the
features of a line among its neighbours.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, lru_cache

# Longer lines are paragraphs, whatever they say: 97 % of furniture lines are shorter.
LONGEST = 240
LABELLED = "label before a colon"
# Shorter words are shared by any two English texts.
LONG_WORD = 5
# A line that is text on its face: this long, and closed like a sentence.
_PROSE_LENGTH = 80
# A line broken at a width is at least this long.
_SHORTEST_BROKEN = 40
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]»]*$")
_PROSE_END = re.compile(r"[.!?…:;][\"'”’)\]»]*$|,$")
_FUNCTION_WORDS = frozenset(
    """a about after all also an and are as at be because been before but by can could did do does for from had has
    have he her his how i if in into is it its just like me my no not of on one only or our out over s said she so
    some such t than that the their them then there these they this those to up us was we were what when where which
    who will with would you your""".split()
)
_LEXICON = frozenset(
    """about account ad ads advertise advertisement advertising alerts all app apps archive archives article articles
    author back blog blogs bookmark breaking browse by calendar careers cart categories category channel classifieds
    click close comment comments community contact continue cookie cookies copyright corrections coverage credit
    custom deals digg directory discussion display donate download e-edition e-mail edition editions editor email
    events exclusive explore facebook faq faqs featured features feed feedback feeds flag follow font forgot forum
    forums free full galleries gallery get getty google guide guides headlines help hide home homepage images in
    index instagram jobs join latest learn like link linkedin links listen list loading local log login logout mail
    main media members menu min mobile more most multimedia my navigation network news newsletter newsletters
    newsroom next now older on online opinion options page pages partners password permalink permissions photo
    photos picks pinterest podcast podcasts policy popular post posted posts powered press previous print privacy
    profile published questions rate ratings read reader readers recent recommended reddit register related reply
    report reprints required reserved resources results reviews rights rss save scroll search section sections see
    select send services settings share shares shop show sign site sitemap size skip slideshow social sponsored
    sports staff stories story submit subscribe subscriber subscribers subscription subscriptions support tag tags
    team terms text tip today's toggle toolbar tools top topic topics trending tweet twitter up updated use username
    video videos view viewed views watch weather week whatsapp world write writer youtube your""".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_DATE = re.compile(
    r"(?i)\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|"
    r"\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
)
_TIME = re.compile(r"\b\d{1,2}:\d{2}\b|\b(?:hours?|minutes?|mins?|days?) ago\b")
_SEPARATOR = re.compile(r" [•·/>] |[|»›]|>>")
_ADDRESS = re.compile(r"https?://|www\.|\w@[\w-]+\.|(?:^|\s)@\w|\w\.(?:com|org|net)\b")
_PHONE = re.compile(r"\(?\b\d{3}\)?[-. /]+\d{3}[-. ]\d{4}\b|\+\d[\d ().-]{7,}\d")
_BYLINE = re.compile(r"(?i:by|author|written by|posted by|story by|photos? by):? [A-Z]")
_LABEL = re.compile(r"[A-Z][\w' -]{1,24}: \S")
_GLUED = re.compile(r"[a-z](?:[A-Z][a-z]|\d{4})|[.!?][A-Z][a-z]")
_MARKUP = re.compile(r"#{1,6} |\.\. |[=~^*+_#:\s|-]{3,}$|```|::|:\w+:|\|.*\|$")
_HELD = (("holds a telephone number", _PHONE), ("holds a separator", _SEPARATOR), ("words run together", _GLUED))
_OPENED = (("opens like a byline", _BYLINE), (LABELLED, _LABEL), ("markup", _MARKUP))
_DIGIT = re.compile(r"\d")
_MONEY = frozenset("$%£€")
_SPEECH = frozenset("said says told added asked wrote".split())
_PERSONS = frozenset("i you your we our us".split())
_CREDITS = frozenset("getty photo photos reuters afp courtesy credit shutterstock photograph".split())
_CALLS = frozenset(
    """click see view watch read get sign subscribe join follow share check learn find download buy shop visit browse
    explore discover enter listen try start log register add save print email report send submit take""".split()
)
_OPENINGS = {
    **dict.fromkeys("-–—•·*+►▶>»|", "opens with a bullet"),
    **dict.fromkeys("0123456789", "opens with a number"),
    **dict.fromkeys("\"“‘'", "opens with a quote"),
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "opens in lower case"),
}
_WORD_BINS = (1, 2, 3, 5, 7, 9, 12, 16, 24)
_SHARE_BINS = (0.0, 0.12, 0.25, 0.38, 0.5)
_LEXICON_BINS = (0.0, 0.2, 0.4, 0.6, 0.99)
_CLOSED = frozenset(("ends stop", "ends question", "ends quoted stop"))
_SPOKEN = _CLOSED | {"ends mark", "ends comma", "opens in lower case"}
_LIKE_PROSE = frozenset(f"function words {n}" for n in (3, 4, 5))
_ABOUT_THE_TEXT = frozenset(f"words of the text {n}" for n in (1, 2, 3, 4))
# What only page furniture holds, so that such a line is neither a title nor speech.
_FURNITURE_IN_ITSELF = frozenset(
    (
        *("holds a time", "holds a separator", "holds an address", "holds a credit", "opens like a byline", "known"),
        *("furniture words 3", "furniture words 4", "furniture words 5", "holds a date"),
    )
)
_SHARED_BINS = (0.01, 0.34, 0.67, 0.99)


def _bin(value: float, bins: Sequence[float]) -> int:
    return bisect_right(bins, value)


def own_features(
    text: str, *, repeated: bool = False, known: bool = False, vocabulary: Set[str] = frozenset()
) -> Iterator[str]:
    """Features of a line by itself.

    Args:
        text: The line without blanks around it; not empty.
        repeated: The document holds it more than once.
        known: A rule calls it furniture.
        vocabulary: Long words of the document's prose: headlines and headings share theirs with the text below.
    """
    features, long = _of_text(text)
    yield from features
    if len(long) >= 2:
        shared = sum(word in vocabulary for word in long) / len(long)
        yield f"words of the text {_bin(shared, _SHARED_BINS)}"
    if repeated:
        yield "repeated"
    if known:
        yield "known"


# Pages of one site share their furniture, so half the lines of a corpus have been seen before.
@lru_cache(maxsize=1 << 14)
def _of_text(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Features of a line whatever document it stands in, and its long words."""
    words = [word.lower() for word in _WORD.findall(text)]
    features = (*_counts(text, words), *_shapes(text), *_says(text, words))
    return features, tuple(word for word in words if len(word) >= LONG_WORD)


def _counts(text: str, words: Sequence[str]) -> Iterator[str]:
    """How many words a line has, and of which kinds."""
    count = len(words)
    yield f"words {_bin(count, _WORD_BINS)}"
    yield f"ends {_ending(text)}"
    yield f"case {_case(text)}"
    yield f"function words {_bin(sum(word in _FUNCTION_WORDS for word in words) / max(count, 1), _SHARE_BINS)}"
    share = sum(word in _LEXICON for word in words) / max(count, 1)
    yield f"furniture words {_bin(share, _LEXICON_BINS)}"
    if count and words[0] in _LEXICON:
        yield "first a furniture word"
    if count and words[-1] in _LEXICON:
        yield "last a furniture word"


def _shapes(text: str) -> Iterator[str]:
    """What a line is built like; the tests that cost something stand behind a character they need."""
    if opening := _OPENINGS.get(text[0]):
        yield opening
    if _DIGIT.search(text) and _DATE.search(text):
        yield "holds a date"
    if (":" in text or text.endswith("ago")) and _TIME.search(text):
        yield "holds a time"
    if ("." in text or "@" in text) and _ADDRESS.search(text):
        yield "holds an address"
    for name, pattern in _HELD:
        if pattern.search(text):
            yield name
    for name, pattern in _OPENED:
        if pattern.match(text):
            yield name
    if not _MONEY.isdisjoint(text):
        yield "money or percent"


def _says(text: str, words: Sequence[str]) -> Iterator[str]:
    """What the words of a line are about."""
    if "©" in text or not _CREDITS.isdisjoint(words):
        yield "holds a credit"
    if not _SPEECH.isdisjoint(words):
        yield "says who said"
    if not _PERSONS.isdisjoint(words):
        yield "first person or address"
    if not words:
        yield "no letters"
    elif words[0] in _CALLS:
        yield "a call to act"


def vocabulary(lines: Iterable[str]) -> set[str]:
    """Long words of some lines."""
    return {word.lower() for line in lines for word in _WORD.findall(line) if len(word) >= LONG_WORD}


def _ending(text: str) -> str:
    last = text[-1]
    if last.isalpha():
        return "letter"
    if last.isdigit():
        return "digit"
    if last in "\"'”’":
        return "quoted stop" if text[-2:-1] in ".,!?" else "quote"
    return {".": "stop", "!": "mark", "?": "question", ":": "colon", "…": "dots", ")": "bracket", ",": "comma"}.get(
        last, "other"
    )


def _case(text: str) -> str:
    words = [word for word in text.split() if word[:1].isalpha()]
    if not words:
        return "none"
    if text.isupper():
        return "capitals"
    long = [word for word in words[1:] if len(word) > 3]
    if not long:
        return "short"
    share = sum(word[0].isupper() for word in long) / len(long)
    return "title" if share > 0.8 else "mixed" if share > 0.3 else "sentence"


def goes_on(line: str, below: str) -> bool:
    """Whether a line is broken at a width and its sentence goes on below.

    >>> goes_on("The ferry had been laid up since March, and the", "harbour master did not know why.")
    True
    """
    if len(line) < _SHORTEST_BROKEN or _SENTENCE_END.search(line):
        return False
    return line.endswith(",") or below[0].islower() or line.rpartition(" ")[2].lower() in _FUNCTION_WORDS


def is_prose(text: str) -> bool:
    """Whether a line is text on its face: long, and closed like a sentence."""
    return len(text) >= _PROSE_LENGTH and bool(_PROSE_END.search(text))


def may_be_text(own: Collection[str], place: str, *, may_be_title: bool = False) -> bool:
    """Whether a line must be left alone whatever stands around it: a sentence, markup, a headline above its text.

    Args:
        own: The line's own features.
        place: Where it stands, see :func:`qcheck.furniture_company.place_of`. Below furniture that ends the text, only
            sentences and markup are left alone: of 386 other lines there, 2 were text.
        may_be_title: It stands where titles and signatures do.
    """
    size = next(int(name[6:]) for name in own if name.startswith("words ") and name[6:].isdigit())
    asks_like_a_title = place.endswith("foot") and "ends question" in own and "case title" in own
    if "markup" in own or (size >= 4 and not _CLOSED.isdisjoint(own) and not asks_like_a_title):
        return True
    if place == "outer foot" or not _FURNITURE_IN_ITSELF.isdisjoint(own):
        return False
    runs_on = size >= 6 and "case title" not in own and not _LIKE_PROSE.isdisjoint(own)
    about = place.endswith("head") and size >= 3 and not _ABOUT_THE_TEXT.isdisjoint(own)
    spoken = not _SPOKEN.isdisjoint(own) and not asks_like_a_title
    return may_be_title or runs_on or about or spoken


def weigh(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """The sum of the weights of features; a feature that was not seen in fitting counts nothing."""
    return sum(weights.get(name, 0.0) for name in features) + weights.get("bias", 0.0)


@cache
def reason(feature: str) -> str | None:
    """A feature in the words of a message; ``None`` for one that says nothing by itself."""
    if feature in _TELLING:
        return feature
    return next((words for pattern, words in _REASONS if pattern.match(feature)), None)


_TELLING = frozenset(
    (
        *("holds a date", "holds a time", "holds a separator", "holds an address", "holds a credit"),
        *("opens like a byline", "words run together", "a call to act", "no letters"),
    )
)
_REASONS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"words [0-2]$", "few words"),
        (r"ends (?:letter|digit|other|bracket)$", "no full stop"),
        (r"case (?:title|capitals)$", "written like a title"),
        (r"furniture words [345]$|(?:first|last) a furniture word$", "words of page furniture"),
        (r"repeated$", "stands here more than once"),
        (r"known (?:next|within 3|near) [1-9]", "page furniture beside it"),
        (r"(?:before|after) [123]: [67]|mean (?:before|after) [567]|own \d among [567]", "lines like it around"),
        (r"(?:outer )?head\b", "above the text"),
        (r"(?:outer )?foot\b", "below the text"),
    )
)
