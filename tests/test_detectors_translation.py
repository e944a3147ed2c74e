"""What the examples of the translation, repetition and language rules cannot show: places, counts, hostile input."""

from __future__ import annotations

import time

import pytest

import qcheck
from qcheck.detectors import (
    doubled_word,
    echo,
    foreign_passage,
    line_overlap,
    repeated_line,
    stub_sentence,
    translation_signs,
)
from qcheck.document import Document, Span
from qcheck.rules import default_rules
from qcheck.scan.hit import Mark

STUB = {"stub": r"Was built\.", "min_before": 20, "outside_quotes": True}


def stubs(text: str, params: dict[str, object] = STUB) -> list[str]:
    document = Document(text)
    at = text.find("Was built.")
    return [document.slice(hit.span) for hit in stub_sentence.find(document, [Span(at - 3, at + 3)], params)]


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("The bridge over the lower river was designed by a woman. ", True),
        ("It was Thursday. ", False),  # too short to have lost its verb
        ("The bridge was designed by the engineers of Miller Bros. ", False),  # an abbreviation ends nothing
        ("The bridge was designed by the late Anna M. ", False),
        ("“The bridge over the lower river was designed by her. ", False),  # somebody speaks
        ("“The bridge,” she said, “was one that nobody wanted.” ", True),
    ],
)
def test_a_stub_counts_only_after_a_long_sentence_that_has_ended(before: str, found: bool) -> None:
    assert stubs(before + "Was built.") == (["Was built."] if found else [])


def test_the_sentence_before_is_measured_from_its_own_start() -> None:
    assert stubs("The whole of the town had waited for the bridge for years. It came. Was built.") == []


def test_a_loop_is_reported_once_where_it_last_stands() -> None:
    text = "They sell the finest tea, the finest tea, the finest tea, the finest tea, the finest tea."

    hits = list(echo.find(Document(text), [], {}))

    assert [(hit.span.end, text[slice(*hit.span)]) for hit in hits] == [(len(text) - 1, "the finest tea")]


def test_a_loop_does_not_reach_across_lines_or_table_cells() -> None:
    document = Document(
        "the town of Hallow on the river\nthe town of Hallow on the river.\n| a long cell | a long cell."
    )

    assert list(echo.find(document, [], {})) == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_repeated_line_end_leaves_one_copy_and_one_line_break(end: str) -> None:
    text = f"The contrast of the letters must be clearly visible.{end}clearly visible.{end}Nothing else counts."

    (hit,) = line_overlap.find(Document(text), [], {})

    (edit,) = hit.edits
    assert text[: edit.start] + text[edit.end :] == text.replace(f"{end}clearly visible.", "", 1)


def test_the_copy_without_its_credit_is_the_one_to_go() -> None:
    caption = "The mayor opens the new lock on the river near Hallow."
    params = {"min_characters": 30, "min_words": 5, "distance": 2, "with_credit": True}

    with_credit = list(repeated_line.find(Document(f"{caption}\n\n{caption} (A. Weiss)\n"), [], params))
    twice = list(repeated_line.find(Document(f"{caption}\n{caption}\n"), [], params))

    assert [hit.span.start for hit in with_credit] == [0]
    assert [hit.span.start for hit in twice] == [len(caption) + 1]


def test_a_line_wholly_in_another_language_is_no_half_translation() -> None:
    french = "Le maire dit que les clients seront informés dans les jours qui viennent avec une lettre."
    mixed = "The mayor said to the press that les clients seront informés par une lettre before the end."

    def find(text: str) -> list[str]:
        document = Document(text)
        return [document.slice(hit.span) for hit in foreign_passage.find(document, [Span(12, 20)], {})]

    assert find(french) == []
    assert find(mixed) == ["les clients seront informés par une"]


def test_signs_of_two_kinds_make_a_translation_and_one_kind_only_in_number() -> None:
    document = Document("ab " * 20)
    params = {"signs": {"MT1": "stubs", "MT6": "markup"}, "kinds": 2, "places": 5}
    rules = {rule.code: rule for rule in default_rules()}
    stub, other_stub, markup = (Mark.of(Span(0, 1), rules[code]) for code in ("MT101", "MT103", "MT601"))
    information = Mark.of(Span(1, 2), next(rule for rule in rules.values() if rule.severity == "info"))

    def verdict(*candidates: Span) -> list[str]:
        return [hit.fields["signs"] for hit in translation_signs.find(document, candidates, params)]

    assert verdict(stub, other_stub, information, Span(2, 3)) == []
    assert verdict(stub, other_stub, markup) == ["stubs (2), markup (1)"]
    assert verdict(*[stub] * 4) == []
    assert verdict(*[stub] * 5) == ["stubs (5)"]


def test_text_of_repetitions_only_takes_linear_time() -> None:
    checker = qcheck.Checker(select=["repetition", "translation", "language"])
    start = time.perf_counter()

    checker.check("the finest tea, " * 20_000)
    checker.check("the finest tea.\n" * 20_000)

    assert time.perf_counter() - start < 20


def test_a_run_of_one_word_is_found_once_up_to_its_last_whole_copy() -> None:
    text = "The talks went" + " onward" * 50_000 + "s again."

    assert [hit.span for hit in doubled_word.find(Document(text), (), {})] == [(15, 15 + 49_999 * 7 - 1)]
