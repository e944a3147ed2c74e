"""What tells page furniture from text: the features of a line by itself, and of a line among its neighbours.

Features are names in plain words, so that a model is a table of weights that can be read, and a finding can say what
spoke for it. ``benchmarks/fit_blocks.py`` fits the weights with these same functions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set

# Longer lines are paragraphs, whatever they say: 97 % of furniture lines are shorter.
LONGEST = 240
# Shorter words are shared by any two English texts.
LONG_WORD = 5
# A line that is text on its face: this long, and closed like a sentence.
_PROSE_LENGTH = 80
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
_SHAPES: tuple[tuple[str, Callable[[str], object]], ...] = tuple(
    (name, re.compile(pattern).search)
    for name, pattern in {
        "holds a year or date": r"(?i)\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|"
        r"\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})",
        "holds a time": r"\b\d{1,2}:\d{2}\b|\b(?:hours?|minutes?|mins?|days?) ago\b",
        "holds a separator": r" [|•·»›>/] |[|»›]|>>",
        "holds an address": r"https?://|www\.|[\w.+-]+@[\w-]+\.|(?:^|\s)@\w|\w\.(?:com|org|net)\b",
        "holds a credit": r"(?i)©|\(c\)|getty|\bphoto\b|reuters|/ ?(?:ap|afp)\b|courtesy|credit\b|shutterstock",
        "opens like a byline": r"^(?i:by|author|written by|posted by|story by|photos? by):? [A-Z]",
        "opens with a bullet": r"^[-–—•·*+►▶>»|]",
        "opens with a number": r"^\(?\d",
        "opens with a quote": r"^[\"“‘']",
        "opens in lower case": r"^[a-z]",
        "words run together": r"[a-z](?:[A-Z][a-z]+)|[a-z]\d{4}|[.!?][A-Z][a-z]",
        "label before a colon": r"^[A-Z][\w' -]{1,24}: \S",
        "says who said": r"\b(?:said|says|told|added|asked|wrote)\b",
        "first person or address": r"(?i)\b(?:i|you|your|we|our|us)\b",
        "a call to act": r"(?i)^(?:click|see|view|watch|read|get|sign|subscribe|join|follow|share|check|learn|find|"
        r"download|buy|shop|visit|browse|explore|discover|enter|listen|try|start|log|register|add|save|print|email|"
        r"report|send|submit|take)\b",
        "no letters": r"^[\W\d]+$",
        "markup": r"^(?:#{1,6} |\.\. |[=~^*+_#-]{3,}$|[:\s|+-]+$|```|::|\|.*\|$)",
        "money or percent": r"[$£€%]",
    }.items()
)
_WORD_BINS = (1, 2, 3, 5, 7, 9, 12, 16, 24)
_SHARE_BINS = (0.0, 0.12, 0.25, 0.38, 0.5)
_LEXICON_BINS = (0.0, 0.2, 0.4, 0.6, 0.99)
_CLOSED = frozenset(("ends stop", "ends question", "ends quoted stop"))
_SHARED_BINS = (0.01, 0.34, 0.67, 0.99)
_LOGIT_BINS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
_COUNT_BINS = (0, 1, 2, 4, 7)


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
    words = [word.lower() for word in _WORD.findall(text)]
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
    long = [word for word in words if len(word) >= LONG_WORD]
    if len(long) >= 2:
        shared = sum(word in vocabulary for word in long) / len(long)
        yield f"words of the text {_bin(shared, _SHARED_BINS)}"
    for name, search in _SHAPES:
        if search(text):
            yield name
    if repeated:
        yield "repeated"
    if known:
        yield "known"


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
    return {".": "stop", "!": "mark", "?": "question", ":": "colon", "…": "dots", ")": "bracket"}.get(last, "other")


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


def is_prose(text: str) -> bool:
    """Whether a line is text on its face: long, and closed like a sentence."""
    return len(text) >= _PROSE_LENGTH and bool(_PROSE_END.search(text))


def features_among(
    at: int, logits: Sequence[float], prose: Sequence[int], known: Sequence[int], lengths: Sequence[int]
) -> Iterator[str]:
    """Features of a line among its neighbours.

    Args:
        at: Which line.
        logits: What each line's own features add up to.
        prose: Numbers of the lines that are text on their face, ascending.
        known: Numbers of the lines that rules call furniture, ascending.
        lengths: Characters of each line.
    """
    own = _bin(logits[at], _LOGIT_BINS)
    yield f"own {own}"
    for step in (1, 2, 3):
        for name, there in (("before", at - step), ("after", at + step)):
            if 0 <= there < len(logits):
                yield f"{name} {step}: {_bin(logits[there], _LOGIT_BINS)}"
    for name, near in (("before", logits[max(0, at - 6) : at]), ("after", logits[at + 1 : at + 7])):
        if near:
            yield f"mean {name} {_bin(sum(near) / len(near), _LOGIT_BINS)}"
    prior = bisect_right(prose, at)
    follow = len(prose) - prior
    zone = zone_of(prior, follow)
    yield from (zone, f"{zone} own {own}")
    around = [logits[n] for n in range(max(0, at - 3), min(len(logits), at + 4)) if n != at]
    yield f"own {min(max(own, 1), 6)} among {_bin(sum(around) / max(len(around), 1), _LOGIT_BINS)}"
    if zone == "head" and follow and prose[0] - at == 1:
        yield f"last before the text, own {own}"
    yield f"prose before {_bin(prior, _COUNT_BINS)}"
    yield f"prose after {_bin(follow, _COUNT_BINS)}"
    if prior:
        yield f"to prose before {_bin(at - prose[prior - 1], _COUNT_BINS)}"
    if follow:
        yield f"to prose after {_bin(prose[prior] - at, _COUNT_BINS)}"
    close = known[bisect_right(known, at - 9) : bisect_right(known, at + 8)]
    yield f"known near {_bin(len(close), _COUNT_BINS)}"
    yield f"known next {sum(abs(k - at) == 1 for k in close)}"
    yield f"known within 3 {min(3, sum(abs(k - at) <= 3 for k in close))}"
    alike = sum(
        0 <= n < len(lengths) and lengths[n] < LONGEST and abs(lengths[n] - lengths[at]) < 15 for n in (at - 1, at + 1)
    )
    yield f"neighbours of its length {alike}"


def zone_of(prior: int, follow: int) -> str:
    """Where a line stands, by how many lines of prose come before and after it."""
    return "head" if not prior else "foot" if not follow else "inside"


_SPEAKS_AGAINST_TITLE = frozenset(
    ("holds a time", "holds a separator", "holds an address", "holds a credit", "opens like a byline", "known")
)


def may_be_text(own: Collection[str], zone: str) -> bool:
    """Whether a line must be left alone whatever stands around it: a sentence, markup, or a headline above its text.

    Args:
        own: The line's own features.
        zone: Where it stands, see :func:`zone_of`.
    """
    size = next(int(name[6:]) for name in own if name.startswith("words ") and name[6:].isdigit())
    if "markup" in own or (size >= 4 and not _CLOSED.isdisjoint(own)):
        return True
    about = zone == "head" and any(name.startswith("words of the text") and name[-1] != "0" for name in own)
    return about and size >= 3 and _SPEAKS_AGAINST_TITLE.isdisjoint(own)


def weigh(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """The sum of the weights of features; a feature that was not seen in fitting counts nothing."""
    return sum(weights.get(name, 0.0) for name in features) + weights.get("bias", 0.0)


def reason(feature: str) -> str | None:
    """A feature in the words of a message; ``None`` for one that says nothing by itself."""
    if feature in _SHAPE_NAMES:
        return feature
    return next((words for pattern, words in _REASONS if pattern.match(feature)), None)


_SHAPE_NAMES = frozenset(name for name, _ in _SHAPES)
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
        (r"head\b", "above the text"),
        (r"foot\b", "below the text"),
    )
)
