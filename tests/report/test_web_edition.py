"""The web edition: the printed report, with every figure leading to its trace."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.utils.html import escape

from evaluation.reports.context import Pages, report_context, report_html, report_pages
from evaluation.reports.links import Linked, for_print, trace_address
from tests.report import unit_year as year
from vru.lib.narrative import Token, to_html

FIGURES = {"reach": "3,884", "money": '<"£19.7m">'}


def resolve(token: Token) -> str:
    return FIGURES.get(token.body, "nothing")


def address(token: Token) -> str | None:
    return f"?key={token.body}&x" if token.body in FIGURES else None


def html(text: str) -> str:
    return to_html(text, resolve, address=address)


def test_a_figure_in_running_text_is_a_link_and_its_value_never_markup() -> None:
    assert html("It had {{money}}.") == (
        '<p>It had <a class="figure" href="?key=money&amp;x">&lt;&quot;£19.7m&quot;&gt;</a>.</p>'
    )


def test_a_token_that_leads_nowhere_is_plain_text() -> None:
    assert html("In {{year}}, {{reach}}.") == (
        '<p>In nothing, <a class="figure" href="?key=reach&amp;x">3,884</a>.</p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "[{{reach}} people](https://example.org/)",
        "[**{{reach}}** people](https://example.org/)",
        '[people](https://example.org/ "{{reach}}")',
        '[people](https://example.org/ "a > b {{reach}}")',
        "[people](https://example.org/{{reach}})",
    ],
)
def test_no_link_is_put_inside_another_link_or_a_tag(text: str) -> None:
    made = html(text)
    assert 'class="figure"' not in made
    assert made == to_html(text, resolve)


def test_a_figure_after_a_link_leads_to_its_trace_again() -> None:
    made = html("[here](https://example.org/) {{reach}} and | {{reach}}")
    assert made.count('class="figure"') == 2


def test_figures_in_tables_of_the_narrative_lead_to_their_trace() -> None:
    made = html("| a | b |\n| - | -: |\n| {{reach}} | {{money}} |")
    assert made.count('class="figure"') == 2


def test_an_address_holds_the_whole_key_and_reads_as_plain_text() -> None:
    linked = Linked("3,884", "reach.new objective=5")
    assert trace_address("reach.new objective=5") == "../../figures/?key=reach.new%20objective=5"
    assert f"{linked}" == "3,884"
    assert len(linked) == 5
    assert linked.__html__() == '<a class="figure" href="../../figures/?key=reach.new%20objective=5">3,884</a>'


@pytest.fixture
def pages() -> Pages:
    year.unit_year()
    year.outline()
    return report_pages(year.facts())


@pytest.mark.django_db
def test_paper_is_the_report_drawn_without_links(pages: Pages) -> None:
    facts = year.facts()
    stylesheet = re.search(r"<style>(.*?)</style>", pages.paper, re.DOTALL)
    assert stylesheet is not None
    context, missing = report_context(facts)
    plain = render_to_string("report/report.html", context | {"stylesheet": stylesheet[1]})
    assert pages.paper == for_print(plain) == report_html(facts)[0]
    assert pages.missing == missing
    assert "figures/?key" not in pages.paper
    assert "About this edition and its files" not in pages.paper


@pytest.mark.django_db
def test_every_printed_figure_leads_to_its_trace_from_somewhere(pages: Pages) -> None:
    for key in year.facts().data["figures"]:
        assert f'href="{escape(trace_address(key))}"' in pages.web, key


@pytest.mark.django_db
def test_links_stand_in_prose_tables_big_numbers_and_key_points(pages: Pages) -> None:
    link = r'<a class="figure" href="\.\./\.\./figures/\?key=(funding\.total|reach\.new)">'
    assert re.search(rf"<p>It reached <strong>{link}140</a></strong> people", pages.web)
    assert re.search(rf'<p class="big[^"]*">{link}', pages.web)
    assert re.search(rf"<li>[^<]+ had {link}£8.1m</a>\.</li>", pages.web)
    assert re.search(r'<td[^>]*><a class="figure" href="[^"]*">£', pages.web)


@pytest.mark.django_db
def test_every_contents_line_leads_to_an_anchor_of_the_page(pages: Pages) -> None:
    leads = set(re.findall(r'<span class="toc-title"><a href="#([^"]+)"', pages.web))
    anchors = set(re.findall(r' id="([^"]+)"', pages.web))
    assert leads
    assert leads <= anchors
    assert '<a class="skip" href="#report">' in pages.web
    assert "report" in anchors
