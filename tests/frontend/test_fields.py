"""Django fields drawn as GOV.UK fields: labels, hints, errors and the text exactly as typed."""

from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from tests.frontend.gallery import EveryField
from vru.lib.govuk.dates import DatePartsField


def ids(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def posted(**values: str) -> EveryField:
    data = QueryDict(mutable=True)
    data.update({name.replace("__", "-"): value for name, value in values.items()})
    return EveryField(data)


def summary(form: forms.Form) -> str:
    return engines["django"].from_string("{% error_summary form %}").render({"form": form})


class Textarea(HTMLParser):
    """The text a browser would show in the first text area, its first line break swallowed."""

    text: str | None = None
    inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside = tag == "textarea"
        if self.inside:
            self.text = ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.text = (self.text or "") + data


def shown(html: str) -> str:
    parser = Textarea()
    parser.feed(html)
    return (parser.text or "").removeprefix("\n")


@pytest.mark.parametrize("name", [name for name in EveryField.base_fields if name != "version"])
def test_every_error_is_tied_to_its_box_and_reached_from_the_summary(name: str) -> None:
    form = posted(people="many")
    form.add_error(name, "Wrong.")
    html = form[name].govuk()
    assert f'id="id_{name}-error"' in html
    assert re.search(rf'aria-describedby="[^"]*\bid_{name}-error', html)
    target = form[name].error_target
    assert target in ids(html)
    assert f'href="#{target}"' in summary(form)


def test_no_id_is_given_twice() -> None:
    found = ids(str(posted(title="x")))
    assert len(found) == len(set(found))


def test_a_number_that_is_not_a_number_comes_back_as_it_was_typed() -> None:
    html = posted(amount="about £40", people="a dozen").as_div()
    assert 'value="about £40"' in html
    assert 'value="a dozen"' in html
    assert 'type="number"' not in html


def test_a_date_that_cannot_be_read_comes_back_as_it_was_typed() -> None:
    html = posted(starts_on__day="31", starts_on__month="Feb", starts_on__year="2021")["starts_on"].govuk()
    assert [f'value="{part}"' in html for part in ("31", "Feb", "2021")] == [True, True, True]
    assert "Enter a real date" in html


@given(st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs", "Cc"])) | st.just("\n one\n  two\n"))
def test_a_text_area_shows_exactly_what_was_typed(text: str) -> None:
    assert shown(posted(notes=text)["notes"].govuk()) == text
    assert shown(posted(story=text)["story"].govuk()) == text


def test_typed_markup_is_shown_and_never_run() -> None:
    html = str(posted(title='"><script>alert(1)</script>', notes="</textarea><script>"))
    assert "<script" not in html


def test_only_fields_that_may_stay_empty_say_so() -> None:
    form = EveryField()
    assert "People supported (optional)" in form["people"].govuk()
    assert "(optional)" not in form["title"].govuk()


def test_a_form_with_nothing_required_does_not_call_everything_optional() -> None:
    class Search(forms.Form):
        q = forms.CharField(required=False)

    assert "optional" not in str(Search())


def test_an_email_box_brings_the_right_keyboard_and_no_spelling_check() -> None:
    html = EveryField()["contact"].govuk()
    for attribute in ('type="email"', 'autocomplete="email"', 'spellcheck="false"'):
        assert attribute in html


def test_whole_numbers_and_amounts_bring_their_own_keypads() -> None:
    assert 'inputmode="numeric"' in EveryField()["people"].govuk()
    assert 'inputmode="decimal"' in EveryField()["amount"].govuk()


def test_the_password_is_never_sent_back() -> None:
    assert "hunter2" not in posted(password="hunter2")["password"].govuk()


def test_chosen_choices_stay_chosen() -> None:
    form = EveryField(QueryDict("themes=trauma&themes=families&theme=schools&borough=E09000030&agreed=on"))
    assert form["themes"].govuk().count("checked") == 2
    assert form["theme"].govuk().count("checked") == 1
    assert re.search(r'value="E09000030"\s+selected', form["borough"].govuk())
    assert "checked" in form["agreed"].govuk()


def test_a_missing_answer_is_named() -> None:
    form = posted()
    messages = {name: form[name].messages for name in ("title", "story", "borough", "agreed")}
    assert messages == {
        "title": ["Enter the name of the programme."],
        "story": ["Enter what went well."],
        "borough": ["Choose the borough."],
        "agreed": ["Tick “I have read the guidance” to go on."],
    }


def test_a_message_of_the_form_itself_is_kept() -> None:
    class Own(forms.Form):
        reach = forms.IntegerField(error_messages={"required": "Say how many people came, even if none did."})

    assert Own({})["reach"].messages == ["Say how many people came, even if none did."]


def test_options_of_the_template_win_over_the_field() -> None:
    field = EveryField()["title"]
    assert "Known as" in field.govuk(label__text="Known as")
    assert "As people know it." not in field.govuk(hint__text="")
    assert "govuk-input__prefix" in field.govuk(prefix__text="£")


def test_a_heading_field_is_the_heading_of_its_page() -> None:
    assert "<h1" in EveryField()["title"].govuk(heading=True)
    assert "<h1" in EveryField()["theme"].govuk(heading=True)


def test_a_form_without_errors_has_no_summary() -> None:
    assert summary(EveryField()) == ""


def test_errors_of_every_form_in_a_set_reach_the_summary_once() -> None:
    class Line(forms.Form):
        amount = forms.DecimalField()

    lines = forms.formset_factory(Line, extra=0)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-amount": "x", "form-1-amount": "y"}
    html = engines["django"].from_string("{% error_summary set %}").render({"set": lines(data)})
    assert html.count("<li>") == 2
    assert 'href="#id_form-1-amount"' in html


@pytest.mark.parametrize("month", ["1", "01", "Jan", "january"])
def test_months_may_be_typed_as_numbers_or_names(month: str) -> None:
    assert DatePartsField().clean(["15", month, "2021"]) == datetime.date(2021, 1, 15)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["", "", ""], "Enter a date"),
        (["1", "", "2021"], "must include a month"),
        (["1", "1", "21"], "four numbers"),
        (["30", "2", "2021"], "real date"),
        (["1", "Smarch", "2021"], "real date"),
        (["1", "1", "２０２１"], "real date"),
        (["²", "1", "2021"], "real date"),
        (["1", "1", "0000"], "real date"),
    ],
)
def test_a_date_that_is_not_one_is_refused_with_a_reason(typed: list[str], message: str) -> None:
    with pytest.raises(forms.ValidationError, match=message):
        DatePartsField().clean(typed)


@given(st.dates())
def test_every_date_survives_the_three_boxes(day: datetime.date) -> None:
    field = DatePartsField()
    typed = field.widget.decompress(day)
    typed[2] = typed[2].zfill(4)
    assert field.clean(typed) == day
