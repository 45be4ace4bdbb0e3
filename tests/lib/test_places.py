"""Places as people type them: one of the unit's own, or refused, never guessed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.places import Place, PlaceProblem, read_place

FULHAM = Place("E09000013", "Hammersmith and Fulham", ("LBHF",))
HACKNEY = Place("E09000012", "Hackney", ("London Borough of Hackney",))
LAMBETH = Place("E09000022", "Lambeth")
RICHMOND = Place("E09000027", "Richmond upon Thames")
KINGSTON = Place("E09000021", "Kingston upon Thames")
UNKNOWN = Place("not-known", "Not known", ("unknown",))
PLACES = [FULHAM, HACKNEY, LAMBETH, RICHMOND, KINGSTON, UNKNOWN]
INSIDE = {"Brixton": "E09000022", "Streatham Common": "E09000022"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Hammersmith and Fulham", FULHAM), ("Hammersmith & Fulham", FULHAM), ("hammersmith&fulham", FULHAM),
        ("HAMMERSMITH  AND\u00a0FULHAM ", FULHAM), ("Hammersmith ＆ Fulham", FULHAM), ("lbhf", FULHAM),
        ("E09000013", FULHAM), ("e09000013", FULHAM), ("E０９０００013", FULHAM),
        ("Richmond-upon-Thames", RICHMOND), ("Kingston upon\tThames", KINGSTON),
        ("London Borough of Hackney", HACKNEY), ("Hackney.", HACKNEY), ("\ufeffHackney", HACKNEY),
        ("not known", UNKNOWN), ("Unknown", UNKNOWN),
    ],
)  # fmt: skip
def test_a_place_is_read_however_its_name_is_written(text, place):
    assert read_place(text, PLACES) is place


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "blank"), ("n/a", "blank"), ("Brixton", "inside_a_place"), ("streatham common", "inside_a_place"),
        ("Wood Green", "unknown_place"), ("Fulham", "unknown_place"), ("Hackny", "unknown_place"),
        ("Richmond", "unknown_place"), ("Hackney and Lambeth", "unknown_place"), ("London", "unknown_place"),
        ("=Hackney()", "formula"), ("＋Hackney", "formula"), ("!!!", "unknown_place"), ("\u202eyenkcaH", "characters"),
        ("Hackney" * 100, "too_long"),
    ],
)  # fmt: skip
def test_what_is_not_one_of_the_places_is_refused_with_a_sentence(text, code):
    with pytest.raises(PlaceProblem, match=r"\.$") as refusal:
        read_place(text, PLACES, noun="borough", inside=INSIDE)
    assert refusal.value.code == code
    assert len(refusal.value.message) < 200


def test_the_likely_borough_is_named_only_where_the_data_says_so():
    with pytest.raises(PlaceProblem, match="It may lie in Lambeth"):
        read_place("Brixton", PLACES, noun="borough", inside=INSIDE)
    with pytest.raises(PlaceProblem) as refusal:
        read_place("Brixton", PLACES, noun="borough")
    assert "Lambeth" not in refusal.value.message


def test_a_name_that_two_places_answer_to_is_refused_with_both():
    with pytest.raises(PlaceProblem, match=r"Newtown \(A1\) and Newtown \(A2\)"):
        read_place("newtown", [Place("A2", "Newtown"), Place("A1", "Newtown")])


@given(st.sampled_from(PLACES), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_every_name_shown_reads_back_as_its_place(place, written):
    assert read_place(written(place.name), PLACES) is place
    assert read_place(place.code, PLACES) is place


@given(st.text(max_size=120))
def test_any_text_is_a_place_or_refused_but_never_breaks(text):
    try:
        place = read_place(text, PLACES, inside=INSIDE)
    except PlaceProblem:
        return
    assert place in PLACES
