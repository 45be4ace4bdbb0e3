"""Amounts typed in pounds become pence exactly, or come back as typed with a sentence."""

from __future__ import annotations

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.govuk.amounts import PoundsField


@given(st.integers(0, 10**14))
def test_every_amount_survives_the_box(pence: int) -> None:
    field = PoundsField()
    assert field.clean(field.prepare_value(pence)) == pence


@pytest.mark.parametrize(
    ("typed", "pence"), [("£1,234.56", 123456), (" 1234 ", 123400), ("0", 0), ("\u00a01\u00a0000", 100000)]
)
def test_pounds_are_read_as_people_type_them(typed: str, pence: int) -> None:
    assert PoundsField().clean(typed) == pence


@pytest.mark.parametrize("typed", ["£8.8m", "c.80,000", "1.234", "-5", "1e6", "n/a", "=1+1", "about 40", "25%"])
def test_what_cannot_be_read_for_certain_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        PoundsField().clean(typed)


def test_money_that_goes_back_is_read_only_where_it_is_asked() -> None:
    assert PoundsField(allow_negative=True).clean("-5") == -500
    assert PoundsField(required=False).clean("") is None


def test_the_box_keeps_what_was_typed_behind_a_pound_sign() -> None:
    class Form(forms.Form):
        amount = PoundsField()

    form = Form({"amount": "£8.8m"})
    html = form["amount"].govuk()
    assert "govuk-input__prefix" in html
    assert 'value="£8.8m"' in html
    assert "rounded" in form.errors["amount"][0]
