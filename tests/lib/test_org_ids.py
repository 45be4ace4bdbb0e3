"""Organisation identifiers from registration numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.org_ids import (
    charity_identifier,
    company_identifier,
    local_authority_identifier,
    nhs_identifier,
    normalise_charity_number,
    normalise_company_number,
    school_identifier,
)


@pytest.mark.parametrize(
    ("text", "org_id"),
    [
        ("1234567", "GB-CHC-1234567"), (" 234 567 ", "GB-CHC-234567"), ("1234567-1", "GB-CHC-1234567"),
        ("1234567–12", "GB-CHC-1234567"), ("0234567", "GB-CHC-234567"), ("１２３４５６７", "GB-CHC-1234567"),
        ("SC012345", "GB-SC-SC012345"), ("sc 12345", "GB-SC-SC012345"), ("NIC101234", "GB-NIC-101234"),
        ("NI101234", "GB-NIC-101234"), ("101234", "GB-NIC-101234"),
    ],
)  # fmt: skip
def test_a_charity_is_found_by_the_prefix_of_its_number(text, org_id):
    assert str(charity_identifier(text)) == charity_identifier(text).org_id == org_id


def test_what_was_mended_in_a_number_is_noted():
    assert "linked charity" in charity_identifier("1234567-1").note
    assert charity_identifier("1234567").note == ""
    assert "SC012345" in charity_identifier("SC12345").note
    assert "Leading zeros restored: 01234567." in company_identifier("1234567").note


@pytest.mark.parametrize(
    "text", ["", "12345", "00012345", "123456789", "ABC1234", "SC0123456", "1234567-", "=1234567", "12345.67"]
)
def test_what_is_no_charity_number_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"\.$|\?$"):
        normalise_charity_number(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234567", "01234567"), ("01234567", "01234567"), ("12345678", "12345678"), ("sc123456", "SC123456"),
        ("NI 12345", "NI012345"), ("OC301234", "OC301234"), ("RC000123", "RC000123"), ("CE001234", "CE001234"),
        ("IP12345R", "IP12345R"), ("R0000123", "R0000123"),
    ],
)  # fmt: skip
def test_a_company_number_has_eight_characters(text, number):
    assert normalise_company_number(text) == number
    assert str(company_identifier(text)) == f"GB-COH-{number}"


@pytest.mark.parametrize("text", ["", "0", "00000000", "123456789", "SC1234567", "S1234567", "1234567-1", "ABCDEFGH"])
def test_what_is_no_company_number_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"8 characters.*\.$"):
        normalise_company_number(text)


def test_authorities_schools_and_trusts_have_their_own_lists():
    assert str(local_authority_identifier("cmd")) == "GB-LAE-CMD"
    assert str(school_identifier("URN 100000")) == "GB-EDU-100000"
    assert str(nhs_identifier("rj1")) == "GB-NHS-RJ1"


@pytest.mark.parametrize(
    ("derive", "text"),
    [
        (local_authority_identifier, "E09000007"), (local_authority_identifier, ""), (school_identifier, "12345"),
        (school_identifier, "012345"), (nhs_identifier, "TRUST"), (nhs_identifier, "R1"), (nhs_identifier, "x" * 900),
    ],
)  # fmt: skip
def test_codes_of_the_wrong_shape_are_refused(derive, text):
    with pytest.raises(ValueError, match=r"\.$") as refusal:
        derive(text)
    assert len(str(refusal.value)) < 200


@given(st.integers(min_value=1, max_value=99_999_999))
def test_a_company_number_that_lost_its_zeros_is_the_same_company(number):
    assert normalise_company_number(str(number)) == normalise_company_number(f"{number:08d}") == f"{number:08d}"


@given(st.integers(min_value=200_000, max_value=9_999_999))
def test_normalising_a_charity_number_twice_changes_nothing(number):
    once = normalise_charity_number(f"{number}-3")
    assert once == normalise_charity_number(once) == str(number)
