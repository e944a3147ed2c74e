"""Boilerplate detectors where the rules' own examples do not reach: traps, thresholds, places."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcheck import Checker, Finding, furniture, furniture_company
from qcheck.detectors import near_titles
from qcheck.errors import RuleErrors
from rulekit import make_rule

PROSE = (
    "The council voted on Monday to close the old bridge over the lower river until the spring of next year.",
    "Residents had asked for a ferry in the meantime, but the river is too low for one, the harbour master said.",
    "The work will cost about four million, most of it for the two piers that the flood of last winter damaged.",
)
MENU = ("Home", "News", "Sports", "Weather", "Contact", "Help")


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(select=["boilerplate", "document"])


def found(checker: Checker, *lines: str, code: str = "WEB901") -> list[str]:
    return [f.text for f in findings(checker, *lines) if f.rule.code == code]


def findings(checker: Checker, *lines: str) -> list[Finding]:
    return list(checker.check("\n\n".join(lines)).findings)


def test_a_menu_below_the_text_is_a_block(checker: Checker) -> None:
    assert set(found(checker, *PROSE, "Back to top", *MENU)) == set(MENU)


def test_a_block_says_what_spoke_for_it(checker: Checker) -> None:
    messages = [f.message for f in findings(checker, *PROSE, "Back to top", *MENU) if f.rule.code == "WEB901"]

    assert all("words of page furniture" in message for message in messages)


@pytest.mark.parametrize(
    "line",
    [
        "Council closes the old bridge",
        "The mayor will speak on Friday.",
        "Nobody knows why!",
        "and so the bridge stays shut",
        "=========",
        "## Bridges",
        "| pier | cost |",
    ],
)
@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_block_leaves_what_may_be_text_alone(checker: Checker, line: str, at: int) -> None:
    lines = [*PROSE[:at], line, *PROSE[at:], "Back to top", "Share this", *MENU]

    assert line not in found(checker, *lines)


def test_a_list_without_furniture_is_not_looked_at(checker: Checker) -> None:
    assert findings(checker, *PROSE, "Ropes", "Boats", "Oars", "Lamps", "Nets") == []


def test_one_word_of_a_menu_is_not_enough_for_a_block(checker: Checker) -> None:
    assert found(checker, *PROSE, "Contact", "Ropes", "Boats", "Oars") == []


def test_a_block_needs_prose_beside_it(checker: Checker) -> None:
    assert found(checker, "Back to top", *MENU) == []


def test_features_name_the_line_and_not_its_neighbours() -> None:
    own = set(furniture.own_features("Follow us: Facebook | Twitter"))

    assert {"words 3", "holds a separator", "first a furniture word", "last a furniture word"} <= own
    assert "repeated" not in own


@pytest.mark.parametrize(
    ("prior", "follow", "above", "below", "place"),
    [
        (0, 3, 0, 0, "head"),
        (0, 0, 0, 0, "head"),
        (0, 3, 0, 1, "outer head"),
        (3, 0, 0, 2, "foot"),
        (3, 0, 1, 0, "outer foot"),
        (2, 1, 0, 0, "gap"),
        (2, 1, 1, 0, "broken gap"),
        (2, 1, 0, 1, "broken gap"),
    ],
)
def test_places(prior: int, follow: int, above: int, below: int, place: str) -> None:
    assert furniture_company.place_of(prior, follow, above, below) == place


TOUR = ("June 4 – Hallow, VA @ Old Mill", "June 6 – Dover, DE @ The Pier", "June 9 – Salem, OR @ Lock Hall")


def test_a_list_right_below_the_text_is_left_alone(checker: Checker) -> None:
    assert found(checker, "Skip to content", *PROSE, *TOUR) == []


def test_below_furniture_that_ends_the_text_short_lines_are_furniture(checker: Checker) -> None:
    titles = ("Ferries to sail again", "Two piers sold", "Harbour wall to be painted", "Old lock found")

    assert set(found(checker, *PROSE, "Leave a reply", "Follow us on Facebook", *titles)) == set(titles)


WRAPPED = (
    "The ferry had been laid up since the flood of March, and the",
    "harbour master, who had asked for a new engine in the autumn, said",
    "that nobody had told him who would pay for it, or when, or whether",
    "the council had talked about it at all; he would wait for the spring,",
    "and see.",
)


def test_lines_broken_at_a_width_are_left_alone(checker: Checker) -> None:
    text = "\n\n".join((*PROSE, "Leave a reply", "Follow us on Facebook", "\n".join(WRAPPED)))

    assert not [f for f in checker.check(text).findings if f.rule.code == "WEB901"]


def test_labels_with_their_values_are_left_alone(checker: Checker) -> None:
    facts = ("Length: 12 m", "Engine: two diesels", "Next trip: Monday")

    assert not set(facts) & set(found(checker, *PROSE[:2], "Share this", *facts, "Advertisement", PROSE[2]))


@pytest.mark.parametrize(
    ("line", "below", "on"),
    [
        (WRAPPED[0], WRAPPED[1], True),
        (WRAPPED[0], "Harbour", True),
        ("THE FERRY HAD BEEN LAID UP SINCE THE FLOOD", "OF MARCH", False),
        ("THE FERRY HAD BEEN LAID UP SINCE THE FLOOD OF", "MARCH", True),
        (WRAPPED[0] + ".", "harbour", False),
        ("Ferries and", "harbours", False),
    ],
)
def test_a_line_that_goes_on_below(line: str, below: str, on: bool) -> None:
    assert furniture.goes_on(line, below) is on


@pytest.mark.parametrize(
    ("line", "form"),
    [
        (TOUR[0], "M 9 – "),
        ("Position: goalkeeper", "w: w"),
        ("Monday, 12 May", "M, 9 M"),
        ("Old Mill", ""),
        ("O’Hara & Sons", ""),
    ],
)
def test_forms_tell_lists_from_names(line: str, form: str) -> None:
    assert furniture_company.form_of(line) == form


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (("| | |", "| Search | |"), ["WEB701", "WEB702"]),
        (("| | |", "|---|---|", "| ropes | two |"), []),
        (("| Boats | | |", "| Old Mill | 12 m | 1931 |"), []),
        (("+-------+", "| ropes |", "+-------+"), []),
        (("| ropes |", "|                  |"), []),
        (("| The ferry sails again from Monday. |",), []),
        (("| Home \\| News \\| Tides and all the weather that there is in the harbour \\| |",), []),
        (("| Home \\| News \\| Tides \\| |",), ["WEB702"]),
    ],
)
def test_rows_of_layout_tables(checker: Checker, rows: tuple[str, ...], codes: list[str]) -> None:
    text = "\n".join((PROSE[0], "", *rows, "", PROSE[1]))

    assert [f.rule.code for f in checker.check(text).findings if f.rule.code.startswith("WEB7")] == codes


def test_a_long_table_is_read_once(checker: Checker) -> None:
    report = checker.check("| | |\n" * 20_000 + "| a | b | c |\n")

    assert not [f for f in report.findings if f.rule.code == "WEB701"]


def test_every_reason_is_a_phrase_and_most_features_have_none() -> None:
    assert furniture.reason("words 1") == "few words"
    assert furniture.reason("before 1: 6") == "lines like it around"
    assert furniture.reason("outer foot own 3") == furniture.reason("foot") == "below the text"
    assert furniture.reason("before 1: 2") is None


@pytest.mark.parametrize(
    ("word", "right", "slip"),
    [
        ("latst", "latest", True),
        ("lattest", "latest", True),
        ("lazest", "latest", True),
        ("latets", "latest", True),
        ("atlest", "latest", False),
        ("lost", "latest", False),
        ("nwes", "news", False),
    ],
)
def test_a_slip_is_one_letter(word: str, right: str, slip: bool) -> None:
    assert near_titles.is_slip(word, right) is slip


@pytest.mark.parametrize(
    ("heading", "links"),
    [
        ("MAYOR SAYS FERRY WILL RETURN, REJECTS NEW BRIDGE", True),
        ("FERRY TO RETURN: LIVE UPDATES", True),
        ("THE HISTORY OF THE OLD BRIDGE AND ITS PIERS", False),
        ("WHO WILL PAY FOR THE NEW FERRY?", False),
        ("THE MAYOR SAYS NO.", False),
    ],
)
def test_headlines_in_capitals_are_told_from_headings(checker: Checker, heading: str, links: bool) -> None:
    assert found(checker, PROSE[0], heading, PROSE[1], code="WEB502") == ([heading] if links else [])


def test_a_headline_in_capitals_needs_text_on_both_sides(checker: Checker) -> None:
    heading = "MAYOR SAYS FERRY WILL RETURN, REJECTS NEW BRIDGE"

    assert found(checker, heading, *PROSE, code="WEB502") == []
    assert found(checker, *PROSE, heading, code="WEB502") == []


def test_a_list_page_names_the_lines_its_articles_begin_at(checker: Checker) -> None:
    lines = [line for title in ("Bridge", "Ferry", "Wall") for line in (title, *PROSE[:2], "4 comments")]
    page = next(f for f in findings(checker, *lines) if f.rule.code == "DOC103")

    assert (page.start, page.end) == (0, 0)
    assert page.message == "3 articles in one document; they begin at lines 1, 9, 17"


def test_two_articles_are_no_list_page(checker: Checker) -> None:
    lines = [line for title in ("Bridge", "Ferry") for line in (title, *PROSE[:2], "4 comments")]

    assert found(checker, *lines, code="DOC103") == []


@pytest.mark.parametrize(("text", "codes"), [("", ["DOC101"]), (" \n\t", ["DOC101"]), ("x", []), ("12 + 7 = 19", [])])
def test_empty_documents(checker: Checker, text: str, codes: list[str]) -> None:
    assert [f.rule.code for f in checker.check(text).findings] == codes


def test_prose_in_another_script_is_prose(checker: Checker) -> None:
    assert checker.check("Река течёт мимо мельницы, и никто не замечает её шума. " * 3).findings == ()
    assert checker.check("河水流过磨坊，没有人注意到它的声音。" * 5).findings == ()


def test_lines_deleted_as_safe_lose_no_word_of_the_story() -> None:
    checker = Checker(select=["boilerplate"])
    story = "\n\n".join(PROSE)
    mixed = "\n\n".join((PROSE[0], "Advertisement", PROSE[1], "12 FacebookTwitterEmail", "3 comments", PROSE[2]))

    assert checker.check(mixed).fixed() == story


def test_a_rule_that_builds_on_a_family_sees_what_its_rules_found() -> None:
    lines = "\n\n".join((*PROSE, "Leave a reply", "Skip to content", "Harbour", "Piers", "Locks", "Boats", "Ferries"))

    assert Checker(select=["WEB901"]).check(lines).findings == ()
    assert "WEB901" in {f.rule.code for f in Checker(select=["boilerplate"]).check(lines).findings}


def test_only_families_can_be_built_on(tmp_path: Path) -> None:
    with pytest.raises(RuleErrors, match="'builds_on' names families"):
        make_rule(tmp_path, 'detector = "list_page"\nbuilds_on = ["furniture"]', kind="python")


@pytest.mark.parametrize("row", ["|" + "-" * 400_000 + "x", "|" + " " * 400_000 + "x"])
def test_a_long_row_beside_a_layout_row_takes_no_longer_than_it_is_long(checker: Checker, row: str) -> None:
    """One pattern for rules of tables took 19 seconds for 80,000 dashes; this would take eight minutes."""
    assert [f.rule.code for f in checker.check(f"| |\n{row}\n| |\n").findings].count("WEB701") == 2
