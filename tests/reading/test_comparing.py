"""Two editions side by side, on the page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from evaluation.reports.facts import Facts
from evaluation.tracing.comparing import compare
from tests.factories import EditionFactory, ReportOutlineFactory, StaffRoleFactory
from tests.reading.editions import built_edition
from tests.report import unit_year as year
from tests.report.changing import LATER, REASON, correct
from vru.accounts.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture
def analyst(client):
    user = StaffRoleFactory(role=Role.ANALYST).user
    client.force_login(user)
    return user


def reworded(facts: Facts) -> Facts:
    """The same figures with a sentence changed, a section left out and another one added."""
    sections = [dict(section) for section in facts.data["sections"]]
    summary = next(each for each in sections if each["slug"] == "summary")
    summary["key_points"] = ["{{unit.short_name}} was given {{funding.total}}."]
    kept = [each for each in sections if each["slug"] != "charts"]
    extra = {"number": "2", "slug": "ahead", "title": "Looking ahead", "key_points": [], "blocks": []}
    return Facts({**facts.data, "sections": [*kept, extra]})


def test_the_page_shows_figures_reasons_returns_and_words(client, analyst) -> None:
    old = built_edition()
    correct(new=75)
    new = built_edition(as_at=LATER, number=2, facts=reworded(year.facts(as_at=LATER)))
    page = client.get(reverse("evaluation:edition-compare", args=[new.pk, old.pk]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "1 return corrected after approval" in text
    assert REASON in text
    assert "G1, 2020-21Q1" in text
    assert f"{reverse('evaluation:edition-figures', args=[old.pk])}?key=reach.new" in text
    assert "Summary: 2 words added, 1 removed" in text
    assert "<ins>was given</ins>" in text
    assert "1A Charts: in the earlier one only" in text
    assert "2 Looking ahead: in the later one only" in text


def test_the_older_one_stands_on_the_left_whichever_is_named_first(client, analyst) -> None:
    old, new = built_edition(), built_edition(as_at=LATER, number=2)
    one = client.get(reverse("evaluation:edition-compare", args=[new.pk, old.pk])).context
    other = client.get(reverse("evaluation:edition-compare", args=[old.pk, new.pk])).context
    assert (one["old"], one["new"]) == (other["old"], other["new"]) == (old, new)


def test_the_same_records_give_two_editions_that_say_the_same(client, analyst) -> None:
    old, new = built_edition(), built_edition(as_at=LATER, number=2)
    comparison = compare(old, new)
    assert comparison.is_same
    text = client.get(reverse("evaluation:edition-compare", args=[old.pk, new.pk])).content.decode()
    assert "Both say the same" in text


def test_figures_that_only_one_prints_are_listed_apart(client, analyst) -> None:
    facts = year.facts()
    fewer = {key: each for key, each in facts.data["figures"].items() if key != "unit_cost"}
    old, new = built_edition(facts=Facts({**facts.data, "figures": fewer})), built_edition(as_at=LATER, number=2)
    comparison = compare(old, new)
    assert [each["key"] for each in comparison.first] == ["unit_cost"]
    assert not comparison.gone
    text = client.get(reverse("evaluation:edition-compare", args=[old.pk, new.pk])).content.decode()
    assert "1 figure in the later one only" in text


def test_editions_of_another_year_or_of_other_records_are_not_compared(client, analyst) -> None:
    edition = built_edition()
    outline = ReportOutlineFactory(kind=year.KIND)
    for more in ({"year": 2019}, {"layer": "published"}):
        other = EditionFactory(outline=outline, built_at=edition.built_at, snapshot_hash="0" * 64, **more)
        address = reverse("evaluation:edition-compare", args=[edition.pk, other.pk])
        assert client.get(address).status_code == 404
    choose = client.get(reverse("evaluation:edition-choose", args=[edition.pk])).content.decode()
    assert "There is nothing to compare with" in choose
    assert client.get(reverse("evaluation:edition-compare", args=[edition.pk, edition.pk])).status_code == 404


def test_the_choice_lists_the_editions_of_the_year(client, analyst) -> None:
    old, new = built_edition(), built_edition(as_at=LATER, number=2)
    text = client.get(reverse("evaluation:edition-choose", args=[new.pk])).content.decode()
    assert reverse("evaluation:edition-compare", args=[new.pk, old.pk]) in text
