"""Two texts compared word by word, and two changes of one text put together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evaluation.writing.differences import ADDED, REMOVED, SAME, Line, changed_words, differences, merge
from evaluation.writing.words import count_words, length_of

LINES = st.lists(st.text(alphabet="ab c.", max_size=12), max_size=8)
WORDS = st.lists(st.sampled_from(["one", "two", "three", "four", "£1.4m", "{{reach.new}}", "and,", "  "]), max_size=12)


def pieces(lines: list[Line]) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for line in lines for piece in line.pieces]


def test_one_changed_word_is_all_that_is_marked() -> None:
    found = differences("We reached many people.", "We reached few people.")
    assert pieces(found) == [(SAME, "We reached "), (REMOVED, "many"), (ADDED, "few"), (SAME, " people.")]


def test_a_rewritten_phrase_reads_as_one_change() -> None:
    found = differences("They ran two sessions a week here.", "They held three meetings a week here.")
    assert pieces(found) == [
        (SAME, "They "),
        (REMOVED, "ran two sessions"),
        (ADDED, "held three meetings"),
        (SAME, " a week here."),
    ]


def test_a_figure_is_one_word() -> None:
    found = differences("It is {{reach.new}} now.", "It is {{reach.new objective=5}} now.")
    assert (REMOVED, "{{reach.new}}") in pieces(found)
    assert (ADDED, "{{reach.new objective=5}}") in pieces(found)


def test_another_line_is_not_taken_for_a_changed_one() -> None:
    found = differences("Nothing alike at all.", "Boroughs met in March.")
    assert [line.kind for line in found] == [REMOVED, ADDED]


def test_long_unchanged_runs_are_folded() -> None:
    lines = [f"Line {n}." for n in range(20)]
    found = differences("\n".join(lines), "\n".join([*lines[:10], "New.", *lines[10:]]))
    assert [line.kind for line in found] == ["folded", SAME, SAME, ADDED, SAME, SAME, "folded"]
    assert found[0].skipped == found[-1].skipped == 8


def test_the_same_text_has_no_differences() -> None:
    assert differences("As it was.", "As it was.") == []


@given(WORDS, WORDS)
def test_the_pieces_of_a_line_hold_both_texts(before: list[str], after: list[str]) -> None:
    old, new = " ".join(before), " ".join(after)
    for line in differences(old, new):
        if line.kind == "changed":
            assert "".join(piece.text for piece in line.pieces if piece.kind != ADDED) == old
            assert "".join(piece.text for piece in line.pieces if piece.kind != REMOVED) == new


@given(LINES, LINES)
def test_no_word_of_either_text_is_missing_from_the_comparison(before: list[str], after: list[str]) -> None:
    found = differences("\n".join(before), "\n".join(after), fold=False)
    if found:
        said = pieces(found)
        old = "".join("".join(text for kind, text in said if kind != ADDED).split())
        new = "".join("".join(text for kind, text in said if kind != REMOVED).split())
        assert (old, new) == ("".join("".join(before).split()), "".join("".join(after).split()))


def test_added_and_removed_words_are_counted() -> None:
    assert changed_words(differences("We met twice.", "We met three times in May.")) == (4, 1)


def test_changes_of_different_lines_fit_together() -> None:
    base = "One.\n\nTwo.\n\nThree."
    found = merge(base, "One, changed.\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nThree and more.")
    assert (found.text, found.overlaps) == ("One, changed.\n\nTwo.\n\nThree and more.", 0)


def test_where_both_changed_the_same_line_both_stand_mine_first() -> None:
    found = merge("One.\n\nTwo.", "One.\n\nMine.", "One.\n\nTheirs.")
    assert (found.text, found.overlaps) == ("One.\n\nMine.\n\nTheirs.", 1)


def test_the_same_change_made_twice_is_one_change() -> None:
    found = merge("One.\nTwo.", "One.\nBoth.", "One.\nBoth.")
    assert (found.text, found.overlaps) == ("One.\nBoth.", 0)


def test_two_paragraphs_added_at_one_place_are_both_kept() -> None:
    found = merge("One.", "One.\nMine.", "One.\nTheirs.")
    assert found.overlaps == 1
    assert "Mine." in found.text
    assert "Theirs." in found.text


@given(LINES, LINES)
def test_where_only_one_changed_the_text_theirs_is_taken(base: list[str], theirs: list[str]) -> None:
    old, new = "\n".join(base), "\n".join(theirs)
    assert merge(old, old, new).text == new
    assert merge(old, new, old).text == new
    assert merge(old, new, new).text == new


@given(LINES, LINES, LINES)
def test_no_line_that_somebody_added_is_lost(base: list[str], mine: list[str], theirs: list[str]) -> None:
    found = merge("\n".join(base), "\n".join(mine), "\n".join(theirs)).text.split("\n")
    for lines in (mine, theirs):
        assert set("\n".join(lines).split("\n")) - set("\n".join(base).split("\n")) <= set(found)


def test_a_figure_counts_as_one_word_and_marks_as_none() -> None:
    assert count_words("**We** reached {{reach.new objective=5}} people – [see here](https://a.example/b c).") == 6


def test_blocks_count_only_their_own_prose() -> None:
    text = "Two words.\n\n:::table series_table\ncaption: A caption of five words\nseries: a, b\n:::\n\n"
    text += ":::callout\ntitle: Not counted\n\nThree more words.\n:::\n"
    assert length_of(text, ["One point"], 10).said == "7 of 10 words"
    assert length_of(text, ["One point"], 5).said == "7 words: 2 over the limit of 5"
