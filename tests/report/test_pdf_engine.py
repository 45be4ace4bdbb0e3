"""The printed report: accessible by two checkers and by our own eye for structure, and the same every time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import outloud
import pdfua
import pikepdf
import pymupdf
import pytest
from django.conf import settings
from django.template.loader import render_to_string

from evaluation.reports.links import for_print
from tests.report.sample_facts import HASH, column, row, sample_facts, table
from vru.lib.pdf import RenderReport, RepairError, ResourceRefused, embed_stylesheet
from vru.lib.pdf.render import render_pdf

MOMENT = datetime(2021, 3, 31, 23, 59, tzinfo=UTC)
TITLE = "Annual report to the Home Office 2020-21"
STYLESHEET = Path(settings.BASE_DIR) / "static" / "report" / "report.css"


def write(html: str, output: Path, **more) -> RenderReport:
    facts = {"title": TITLE, "author": "Northshire VRU", "subject": "Annual report", "timestamp": MOMENT}
    return render_pdf(html, output=output, **{**facts, **more})


@dataclass(frozen=True)
class Printed:
    html: str
    path: Path
    again: Path
    report: RenderReport


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> Printed:
    folder = tmp_path_factory.mktemp("report")
    context = {**sample_facts(rows=90, index=20), "stylesheet": embed_stylesheet(STYLESHEET)}
    html = for_print(render_to_string("report/report.html", context))
    report = write(html, folder / "report.pdf")
    write(html, folder / "again.pdf")
    return Printed(html, folder / "report.pdf", folder / "again.pdf", report)


@pytest.fixture(scope="module")
def pages(printed) -> list[str]:
    with pymupdf.open(printed.path) as document:
        return [page.get_text() for page in document]


def elements(path: Path, role: str = "") -> Iterator[pikepdf.Object]:
    """Every structure element in reading order, or those of one role. The file stays open meanwhile."""

    def walk(element):
        if not role or str(element.S) == role:
            yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from walk(kid)

    with pikepdf.open(path) as pdf:
        for element in pdf.Root.StructTreeRoot.K:
            yield from walk(element)


@pytest.mark.slow
def test_same_input_gives_the_same_bytes(printed):
    assert printed.path.read_bytes() == printed.again.read_bytes()


@pytest.mark.slow
def test_neither_checker_finds_an_error(printed):
    first = outloud.check(str(printed.path))
    second = pdfua.validate(str(printed.path))
    assert first.error in (None, "")
    assert [f"{one.rule} {one.message}" for one in first.findings if one.severity == "error"] == []
    assert [one.message for one in second.findings] == []


@pytest.mark.slow
def test_report_is_tagged_titled_dated_and_in_british_english(printed):
    with pikepdf.open(printed.path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.docinfo["/Title"] == TITLE
        assert pdf.docinfo["/CreationDate"] == pdf.docinfo["/ModDate"]
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20210331235900")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


@pytest.mark.slow
def test_bookmarks_name_the_parts_and_hold_their_sections(printed):
    with pikepdf.open(printed.path) as pdf, pdf.open_outline() as outline:
        tops = [item.title for item in outline.root]
        first = next(item for item in outline.root if item.title.startswith("1"))
        inner = [item.title for item in first.children]
    assert tops[:2] == ["Contents", "Snapshot of the year"]
    assert tops[-1] == "Every figure and its key"
    assert any(title.startswith("1E") for title in inner)


@pytest.mark.slow
def test_figures_are_present_as_text_with_their_basis(pages):
    text = " ".join(" ".join(pages).split())
    for words in ("c.80,000", "287 of 301", "£13,064,210.55", "−25.8%", "Table 3", "1,169 of 1,300 (90%)", HASH):
        assert words in text


@pytest.mark.slow
def test_mark_stands_on_every_page_and_is_no_part_of_the_reading_order(printed, pages):
    assert all("Illustrative data" in page for page in pages)
    with pikepdf.open(printed.path) as pdf:
        for page in list(pdf.pages)[1:]:
            assert b"/Artifact BMC" in page.Contents.read_bytes()


@pytest.mark.slow
def test_contents_page_gives_the_page_on_which_a_section_stands(pages):
    contents = " ".join(pages[1].split())
    found = re.search(r"Theory of change (\d+)", contents)
    assert found
    assert "Theory of change" in pages[int(found[1]) - 1]


@pytest.mark.slow
def test_every_header_cell_says_what_it_heads(printed):
    headers = [str(cell.A.Scope) for cell in elements(printed.path, "/TH")]
    assert headers.count("/Column") > 20
    assert headers.count("/Row") > 90
    assert set(headers) == {"/Column", "/Row"}


@pytest.mark.slow
def test_long_table_stays_one_table_over_its_pages(printed):
    sizes = [len(table.K[-1].K) for table in elements(printed.path, "/Table")]
    assert 90 in sizes
    assert all(any(str(kid.S) == "/Caption" for kid in table.K) for table in elements(printed.path, "/Table"))


@pytest.mark.slow
def test_every_picture_says_what_it_shows_and_where_it_is(printed):
    figures = [
        (str(figure.Alt), [float(edge) for edge in figure.A.BBox]) for figure in elements(printed.path, "/Figure")
    ]
    assert len(figures) == 7
    assert any(text.startswith("Line chart: Offences recorded by year") for text, _box in figures)
    assert all(0 <= box[1] < box[3] <= 842 for _text, box in figures)


@pytest.mark.slow
def test_links_print_and_say_where_they_lead(printed):
    with pikepdf.open(printed.path) as pdf:
        links = [annotation for page in pdf.pages for annotation in page.get("/Annots", [])]
        said = [str(link.Contents) for link in links]
        assert all(int(link.F) & 4 for link in links)
    assert "Cultural and financial sustainability" in said
    assert not any(text.startswith("section-") for text in said)


@pytest.mark.slow
def test_logic_model_takes_one_landscape_page(printed, pages):
    with pikepdf.open(printed.path) as pdf:
        wide = [n for n, page in enumerate(pdf.pages) if page.mediabox[2] > page.mediabox[3]]
    assert len(wide) == 1
    assert "Interventions" in pages[wide[0]]


@pytest.mark.slow
def test_report_counts_its_pages_and_its_seconds(printed, pages):
    assert printed.report.pages == len(pages)
    assert 0 < printed.report.seconds_repair < printed.report.seconds_render


class Headings(HTMLParser):
    """The levels of the headings, the ids, and the addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if "id" in values:
            self.ids.append(values["id"])
        self.targets += [values[name] for name in ("href", "src") if name in values]


@pytest.mark.slow
def test_web_page_is_whole_in_one_file_with_headings_in_order(printed):
    page = Headings()
    page.feed(printed.html)
    assert page.levels[0] == 1
    assert page.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.levels, page.levels[1:], strict=False))
    assert len(set(page.ids)) == len(page.ids)
    assert {target.removeprefix("#") for target in page.targets} <= set(page.ids)
    assert not re.search(r"url\(\s*[\"']?(?!data:|#|\")", printed.html)


def test_edition_without_invented_data_carries_no_mark():
    html = render_to_string("report/report.html", {**sample_facts(rows=3, index=1, mark=None), "stylesheet": ""})
    assert 'data-mark=""' in html
    assert "cover-mark" not in html


def wide_table(columns: int, rows: int) -> dict:
    names = [column("Area", "left"), *(column(f"Column {n}") for n in range(columns - 1))]
    return table("9", "By area", names, [row(f"Area {n}", *["1,234"] * (columns - 1)) for n in range(rows)])


def test_table_of_many_columns_turns_the_page(tmp_path):
    style = f"<style>{embed_stylesheet(STYLESHEET)}</style>"
    narrow, broad = (render_to_string("report/_block_table.html", {"block": wide_table(n, 5)}) for n in (5, 13))
    write(style + small(narrow + broad), tmp_path / "one.pdf")
    with pikepdf.open(tmp_path / "one.pdf") as pdf:
        assert [page.mediabox[2] > page.mediabox[3] for page in pdf.pages] == [False, True]


def test_table_without_rows_says_so_instead_of_showing_an_empty_grid():
    html = render_to_string("report/_block_table.html", {"block": wide_table(4, 0)})
    assert "there is nothing to show" in html
    assert "<table" not in html


def small(body: str) -> str:
    return f'<!doctype html><html lang="en-GB"><head><title>T</title></head><body><h1>Title</h1>{body}</body></html>'


def test_running_head_is_not_read_out(tmp_path):
    furniture = "@top-left { content: 'Running head' } @bottom-right { content: counter(page) }"
    style = f"<style>@page {{ size: A5; {furniture} }}</style>"
    write(style + small("<p>One paragraph.</p>"), tmp_path / "one.pdf")
    with pikepdf.open(tmp_path / "one.pdf") as pdf:
        stream = pdf.pages[0].Contents.read_bytes()
    leaves = [kid for element in elements(tmp_path / "one.pdf") for kid in element.K if isinstance(kid, int)]
    assert stream.count(b"/MCID") == len(leaves) == 2


def test_picture_without_an_alternative_stops_the_report_and_leaves_no_file(tmp_path):
    svg = '<svg viewBox="0 0 9 9" width="9" height="9"><rect width="9" height="9"/></svg>'
    with pytest.raises(RepairError, match="picture on page 1 has no text alternative"):
        write(small(svg), tmp_path / "one.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["https://example.org/a.png", "file:///etc/hostname", "ftp://example.org/a.png"])
def test_address_outside_the_document_is_refused(tmp_path, address):
    with pytest.raises(ResourceRefused, match="not part of it"):
        write(small(f'<img alt="A picture" src="{address}">'), tmp_path / "one.pdf")
    assert list(tmp_path.iterdir()) == []


def test_packaged_file_is_found_under_its_name(tmp_path):
    sheet = tmp_path / "wide.css"
    sheet.write_text("@page { size: 400pt 300pt }")
    html = '<link rel="stylesheet" href="packaged:wide.css">' + small("<p>One paragraph.</p>")
    write(html, tmp_path / "one.pdf", files={"packaged:wide.css": sheet})
    with pikepdf.open(tmp_path / "one.pdf") as pdf:
        assert [round(float(edge)) for edge in pdf.pages[0].mediabox] == [0, 0, 400, 300]


def test_date_without_a_time_zone_and_empty_title_are_refused(tmp_path):
    with pytest.raises(ValueError, match="time zone"):
        write(small("<p>x</p>"), tmp_path / "one.pdf", timestamp=datetime(2021, 3, 31))
    with pytest.raises(ValueError, match="title"):
        write(small("<p>x</p>"), tmp_path / "one.pdf", title=" ")


def test_two_tables_on_neighbouring_pages_are_not_joined(tmp_path):
    head = "<thead><tr><th>A</th><th>B</th></tr></thead>"
    body = "<tbody><tr><td>1</td><td>2</td></tr></tbody>"
    one = f"<table><caption>First</caption>{head}{body}</table>"
    two = f"<table style='break-before: page'><caption>Second</caption>{head}{body}</table>"
    write(small(one + two), tmp_path / "one.pdf")
    assert len(list(elements(tmp_path / "one.pdf", "/Table"))) == 2


def test_stylesheet_takes_its_fonts_in_and_refuses_other_files(tmp_path):
    assert "data:font/woff2;base64," in embed_stylesheet(STYLESHEET)
    (tmp_path / "a.css").write_text('a { background: url("b.exe") }')
    with pytest.raises(ValueError, match="only woff2, svg and png"):
        embed_stylesheet(tmp_path / "a.css")
