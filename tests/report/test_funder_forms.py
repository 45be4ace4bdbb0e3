"""A funder's form as data: another funder's layout, with its own age bands and months, made without code."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from python_calamine import CalamineWorkbook

from evaluation.actions.reports import begin_report
from evaluation.figures import Scope, compute, contributions
from evaluation.loading.outline import load_outline
from evaluation.models import EditionFile, ReportOutline
from evaluation.reports.annex import annex_xlsx
from evaluation.reports.as_at import default_as_at
from evaluation.reports.context import report_html
from evaluation.reports.facts import Facts, Request, read_facts
from evaluation.reports.forms.export import return_json
from programmes.loading.problems import LoadError
from programmes.models import ProgrammeRisk
from tests.factories import (
    AreaFactory,
    CategoryFactory,
    CellFactory,
    CommitmentFactory,
    DimensionFactory,
    EditionFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    MilestoneFactory,
    PaymentFactory,
    ProgrammeFactory,
    ProgrammeRiskFactory,
    ReachTargetFactory,
    ReportingQuarterFactory,
    StaffRoleFactory,
    StrategyVersionFactory,
    UnitFactory,
    UserFactory,
    approved_return,
)
from tests.report.trust_outline import BY_AGE, TRUST
from vru.accounts.models import Role
from vru.lib.periods import FinancialYear

pytestmark = pytest.mark.django_db

YEAR = FinancialYear(2020)
LAYER = "recorded"
AGES = {"under-11": 10, "11-15": 20, "16-18": 30, "19-25": 40, "not-known": 5}


def load(tmp_path: Path, **changes: Any) -> ReportOutline:
    file = tmp_path / "trust.yaml"
    file.write_text(yaml.safe_dump(TRUST | changes, sort_keys=False))
    load_outline(file)
    return ReportOutline.objects.get(kind="trust-monthly")


@pytest.fixture
def world() -> None:
    """Two grants, one of them the Trust's, with ages of its own, payments on days and two approved quarters."""
    UnitFactory(name="Harbour VRU", short_name="Harbour")
    StrategyVersionFactory()
    ages = DimensionFactory(slug="age", title="Age")
    categories = [CategoryFactory(dimension=ages, slug=slug, label=slug, order=n) for n, slug in enumerate(AGES)]
    AreaFactory()
    trust, council = FundingSourceFactory(slug="trust", title="The Trust"), FundingSourceFactory(slug="council")
    people = {"submitted_by": UserFactory(), "approved_by": UserFactory()}
    for number, source in enumerate((trust, council), start=1):
        programme = ProgrammeFactory(ref=f"P{number}", title=f"Programme {number}", layer=LAYER)
        grant = CommitmentFactory(programme=programme, ref=f"G{number}")
        FundingSplitFactory(commitment=grant, source=source)
        for quarter in (1, 2):
            revision = approved_return(grant, quarter, reach={"new": sum(AGES.values())}, **people)
            for category, value in zip(categories, AGES.values(), strict=True):
                CellFactory(revision=revision, category=category, value=value)
        for month, pence in ((6, 100_000), (7, 250_000), (8, 70_000)):
            PaymentFactory(
                commitment=grant, status="paid", amount_pence=pence, paid_on=datetime.date(2020, month + 3, 15)
            )
        MilestoneFactory(commitment=grant, number=1, title=f"Step {number}", due_on=datetime.date(2020, 5, 1))
        MilestoneFactory(commitment=grant, number=2, title="Later step", due_on=datetime.date(2021, 2, 1))
        ProgrammeRiskFactory(programme=programme, title=f"Risk {number}")
    ProgrammeRisk.objects.update(raised_at=datetime.datetime(2020, 4, 2, 9, tzinfo=datetime.UTC))


def october(as_at: str = "2020-10-31", period: str = "M07") -> Facts:
    return read_facts(Request("trust-monthly", YEAR, LAYER, datetime.date.fromisoformat(as_at), period))


def table(facts: Facts, form: str) -> dict[str, Any]:
    blocks = [block for section in facts.data["sections"] for block in section["blocks"]]
    return next(block for block in blocks if block.get("form") == form)


def printed(facts: Facts, form: str) -> dict[str, list[str]]:
    return {row["header"]: [cell["text"] for cell in row["cells"]] for row in table(facts, form)["rows"]}


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """The rows of every sheet, in the order of the book, without the empty cells at a row's end."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    found = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        found[name] = [row[: max((n for n, cell in enumerate(row, start=1) if cell != ""), default=0)] for row in rows]
    return found


def test_money_is_shown_by_month_from_the_days_on_which_it_was_paid(world, tmp_path):
    load(tmp_path)
    facts = october()
    assert [column["label"] for column in table(facts, "money")["columns"]] == [
        "Intervention",
        "Paid in October 2020",
        "The month before",
        "Year to date",
    ]
    assert printed(facts, "money") == {
        "Programme 1": ["£2,500", "£1,000", "£3,500"],
        "In all": ["£2,500", "£1,000", "£3,500"],
    }
    months = printed(facts, "months")
    assert list(months) == [
        *("April 2020", "May 2020", "June 2020", "July 2020", "August 2020", "September 2020", "October 2020")
    ]
    assert (months["May 2020"], months["October 2020"]) == (["£0"], ["£2,500"])


def test_counts_that_exist_by_quarter_only_are_shown_with_the_quarter_and_marked(world, tmp_path):
    load(tmp_path)
    facts = october()
    ages = table(facts, "ages")
    assert [column["label"] for column in ages["columns"]] == [
        "Age",
        "This month (quarter to 30 September 2020)",
        "Year to date (to 30 September 2020)",
    ]
    assert printed(facts, "ages") == {
        "Up to 18": ["60", "120"],
        "19 and over": ["40", "80"],
        "Not known": ["5", "10"],
        "Everybody": ["105", "210"],
    }
    assert any("never a part of one" in note for note in ages["notes"])
    assert "Ages as the Trust asks for them." in ages["notes"]


def test_before_the_first_quarter_has_ended_nothing_is_split_and_the_column_says_why(world, tmp_path):
    load(tmp_path)
    facts = october(as_at="2020-12-31", period="M02")
    blocks = [block for section in facts.data["sections"] for block in section["blocks"]]
    assert [block["kind"] for block in blocks if "Young people" in block.get("caption", "")] == ["nothing"]
    assert printed(facts, "months") == {"April 2020": ["£0"], "May 2020": ["£0"]}


def test_a_form_tells_a_funder_only_of_the_grants_that_it_pays_for(world, tmp_path):
    load(tmp_path)
    facts = october()
    assert list(printed(facts, "steps")) == ["Step 1"]
    assert list(printed(facts, "risks")) == ["Risk 1"]
    assert any("Only what The Trust pays for." in note for note in table(facts, "ages")["notes"])


def test_every_number_of_a_form_has_a_key_that_leads_back_to_its_returns(world, tmp_path):
    load(tmp_path)
    facts = october()
    scope = Scope.of(YEAR, LAYER, datetime.date(2020, 10, 31))
    cells = [cell for form in ("money", "ages") for row in table(facts, form)["rows"] for cell in row["cells"]]
    assert all(cell["key"] in facts.data["figures"] for cell in cells)
    for cell in cells:
        rows = contributions(scope, cell["key"])
        assert sum((row.value for row in rows), Decimal(0)) == compute(scope, [cell["key"]])[cell["key"]].value
        assert rows


def test_a_small_count_of_a_band_is_hidden_with_another_one(world, tmp_path):
    small = [
        {"label": "Up to 18", "categories": ["under-11", "11-15", "16-18"]},
        {"label": "Not said", "categories": ["not-known"]},
        {"label": "19 and over", "categories": ["19-25"]},
    ]
    forms = TRUST["forms"] | {
        "ages": TRUST["forms"]["ages"] | {"rows": {"by": "bands", "dimension": "age", "bands": small}}
    }
    load(tmp_path, forms=forms)
    CategoryFactory._meta.model.objects.get(slug="not-known").cells.update(value=2)
    facts = october()
    shown = printed(facts, "ages")
    assert shown["Not said"][0] == "[c]"
    assert [row[0] for row in shown.values()].count("[c]") >= 2
    assert any(note.startswith("[c]") for note in table(facts, "ages")["notes"])


def test_the_workbook_has_the_funders_sheets_in_its_order_under_its_headings(world, tmp_path):
    load(tmp_path)
    book = sheets(annex_xlsx(october()))
    assert list(book) == [
        *("B. People", "A. Money", "C. Words"),
        *("Contents", "Table 4", "Table 5", "Returns expected and approved"),
        *("Differences between figures", "Figures"),
    ]
    assert book["B. People"][0] == ["Part B"]
    assert ["Up to 18", 60, 120] in book["B. People"]
    assert ["Month", "October 2020"] in book["A. Money"]
    assert ["Programme 1", 2500, 1000, 3500] in book["A. Money"]
    assert ["What happened?", "105 young people came."] in book["C. Words"]
    assert ["A. Money", "Table 1. Money paid, October 2020", "1 Money"] in book["Contents"]


def test_the_return_is_data_too(world, tmp_path):
    load(tmp_path)
    made = return_json(october())
    assert made["period"] == {"name": "October 2020", "starts_on": "2020-10-01", "ends_on": "2020-10-31"}
    assert [form["form"] for form in made["forms"]] == ["money", "months", "ages", "steps", "risks"]
    first = made["forms"][2]["rows"][0]
    assert first["label"] == "Up to 18"
    assert first["cells"][0] == {
        "value": "60",
        "text": "60",
        "key": "reach.breakdown category=11-15+16-18+under-11 dimension=age quarter=2020-21Q2 source=trust",
        "returns": {"received": 1, "expected": 1},
    }
    assert made["words"] == [{"section": "words", "title": "What happened", "text": "105 young people came."}]


def test_the_cover_names_the_month(world, tmp_path):
    load(tmp_path)
    assert "<title>Monthly note to the Trust October 2020: Harbour VRU</title>" in report_html(october())[0]


def test_the_command_writes_the_return_as_json(world, tmp_path):
    load(tmp_path)
    out = StringIO()
    call_command("funder_return", "--kind", "trust-monthly", "--month", "2020-21M07", stdout=out)
    assert json.loads(out.getvalue())["period"]["name"] == "October 2020"
    target = tmp_path / "return.xlsx"
    call_command(
        *("funder_return", "--kind", "trust-monthly", "--month", "2020-21M07", "--format", "xlsx"),
        *("--output", str(target)),
        stdout=StringIO(),
    )
    assert next(iter(sheets(target.read_bytes()))) == "B. People"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--kind", "trust-monthly", "--quarter", "2020-21Q3"], "is made for a month. Say which with --month"),
        (["--kind", "trust-monthly", "--month", "October"], "is not a month"),
        (["--kind", "weekly", "--month", "2020-21M07"], "Known kinds: trust-monthly"),
        (["--month", "2020-21M07"], "Say which kind of report"),
        (["--edition", "99"], "There is no built edition 99"),
        (["--kind", "trust-monthly", "--month", "2020-21M07", "--format", "pdf"], "Say which file to write"),
    ],
)
def test_the_command_says_what_is_missing(world, tmp_path, options, sentence):
    load(tmp_path)
    with pytest.raises(CommandError, match=sentence):
        call_command("funder_return", *options)


def test_a_report_begun_from_the_outline_asks_for_the_same_form(world, tmp_path):
    load(tmp_path)
    report = begin_report(kind="trust-monthly", year=YEAR, layer=LAYER, by=UserFactory(), period="M07")
    section = report.sections.get(slug="people")
    assert section.text == ":::form ages\nnote: Ages as the Trust asks for them.\n:::\n"
    assert report.sections.get(slug="money").word_limit == 50
    assert printed(october(), "ages")["Everybody"] == ["105", "210"]


def test_a_form_that_somebody_misspells_says_so_in_its_place(world, tmp_path):
    load(tmp_path)
    report = begin_report(kind="trust-monthly", year=YEAR, layer=LAYER, by=UserFactory(), period="M07")
    report.sections.filter(slug="people").update(text=":::form agez\n:::\n")
    facts = october()
    assert 'There is no form "agez"' in facts.data["problems"][0]
    assert ["There is nothing to show here in this edition."] in sheets(annex_xlsx(facts))["B. People"]


def test_a_quarter_is_reported_once_its_returns_are_closed():
    ReportingQuarterFactory(year=2020, number=3, due_on=datetime.date(2021, 1, 15), closes_on=None)
    assert default_as_at(YEAR, LAYER, "Q3") == datetime.date(2021, 1, 15)
    ReportingQuarterFactory._meta.model.objects.update(closes_on=datetime.date(2021, 2, 15))
    assert default_as_at(YEAR, LAYER, "Q3") == datetime.date(2021, 2, 15)
    assert default_as_at(YEAR, LAYER, "M07") == datetime.date(2020, 10, 31)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"rows": {"by": "dimension", "dimension": "shoes"}}, 'there is no dimension "shoes"'),
    ({"rows": {"by": "bands", "dimension": "age", "bands": [{"label": "x", "categories": ["0-99"]}]}}, "no category"),
    (
        {
            "rows": {
                "by": "bands",
                "dimension": "age",
                "bands": [
                    {"label": "One", "categories": ["11-15"]},
                    {"label": "Two", "categories": ["11-15"]},
                ],
            }
        },
        "it would be counted twice",
    ),
    (
        {"rows": {"by": "bands", "dimension": "age", "bands": [{"label": "One", "categories": ["11-15"]}]}},
        "say under which label under-11, 16-18, 19-25, not-known stand",
    ),
    ({"columns": [{"label": "x", "figure": "reach.nwe"}]}, 'There is no figure "reach.nwe"'),
    ({"columns": [{"label": "x", "figure": "spend.total"}]}, "only reach.new is counted by a dimension"),
    ({"columns": [{"label": "x"}]}, "Name a figure, or a share of two columns"),
    ({"columns": [*BY_AGE, {"label": "x", "share": ["a", "b"]}]}, 'no column with the id "a"'),
    ({"columns": [{"label": "x", "figure": "reach.new", "period": "someday"}]}, "is not one of: this"),
    ({"columns": [{"label": "x {{reach.new}}", "figure": "reach.new"}]}, "is not a text that may be named here"),
    (
        {"rows": {"by": "programme"}, "columns": [{"label": "x", "figure": "funding.source", "period": "this"}]},
        "is not divided by programme",
    ),
    (
        {"rows": {"by": "source"}, "columns": [{"label": "x", "figure": "funding.source", "period": "this"}]},
        "is of the whole year",
    ),
    ({"rows": {"by": "risks"}, "columns": [{"label": "x", "field": "colour"}]}, "is not one of: programme, title"),
    ({"rows": {"by": "figures"}}, "are the rows of a form by figures"),
    ({"rows": {"by": "stars"}}, "is not one of: figures"),
]


@pytest.mark.parametrize(("change", "sentence"), BAD)
def test_a_form_that_cannot_be_made_is_refused_with_its_place(world, tmp_path, change, sentence):
    forms = TRUST["forms"] | {"ages": TRUST["forms"]["ages"] | change}
    with pytest.raises(LoadError) as refused:
        load(tmp_path, forms=forms)
    assert sentence in str(refused.value)
    assert "forms.ages" in str(refused.value)
    assert not ReportOutline.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sources": ["nobody"]}, 'there is no funding source "nobody"'),
        ({"workbook": [{"sheet": "A", "title": "A", "forms": ["agez"]}]}, 'no form "agez". Did you mean "ages"?'),
        ({"workbook": [{"sheet": "A", "title": "A"}]}, "holds nothing"),
        (
            {"workbook": [{"sheet": "A", "title": "A", "answers": [{"label": "x", "section": "wordz"}]}]},
            'no section "wordz"',
        ),
        ({"every": "fortnight"}, "is not one of: year, quarter, month"),
        (
            {"sections": [{"slug": "a", "title": "A", "blocks": [{"kind": "form", "form": "agez"}]}]},
            'there is no form "agez"',
        ),
    ],
)
def test_an_outline_names_only_what_there_is(world, tmp_path, changes, sentence):
    with pytest.raises(LoadError) as refused:
        load(tmp_path, **changes)
    assert sentence in str(refused.value)


def test_a_target_and_a_share_stand_beside_the_count(world, tmp_path):
    grant = CommitmentFactory._meta.model.objects.get(ref="G1")
    for number in (1, 2, 3, 4):
        ReachTargetFactory(commitment=grant, quarter=ReportingQuarterFactory(number=number), measure="new", value=100)
    forms = {
        **TRUST["forms"],
        "ages": {
            "title": "Against target",
            "rows": {"by": "programme"},
            "columns": [
                {"label": "To date", "id": "a", "figure": "reach.new", "period": "to_date"},
                {"label": "Target", "id": "b", "figure": "reach.target", "period": "to_date"},
                {"label": "Share", "share": ["a", "b"]},
                {"label": "Expected", "figure": "reach.forecast", "period": "to_date"},
            ],
            "total": "All",
        },
    }
    load(tmp_path, forms=forms)
    assert printed(october(), "ages")["Programme 1"] == ["210", "200", "105.0%", "410"]


def test_a_member_of_staff_reads_what_a_form_asks_for(world, tmp_path, client):
    load(tmp_path)
    client.force_login(StaffRoleFactory(role=Role.ANALYST).user)
    page = client.get("/reports/kinds/trust-monthly/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Up to 18: under-11, 11-15, 16-18" in text
    assert "Paid to grantees, of the year to date" in text
    assert "every grant that it pays for, wholly or in part" in text
    assert client.get("/reports/kinds/weekly/").status_code == 404


def test_the_return_of_a_stored_edition_is_given_as_data(world, tmp_path, client):
    load(tmp_path)
    facts = october()
    report = begin_report(kind="trust-monthly", year=YEAR, layer=LAYER, by=UserFactory(), period="M07")
    edition = EditionFactory(report=report, snapshot_hash=facts.sha256, built_at=timezone.now())
    stored = EditionFile(edition=edition, kind=EditionFile.Kind.SNAPSHOT, sha256=facts.sha256, size=len(facts.content))
    stored.file.save("snapshot.json", ContentFile(facts.content))
    client.force_login(StaffRoleFactory(role=Role.AUDITOR).user)
    made = client.get(f"/reports/editions/{edition.pk}/return/").json()
    assert made["snapshot_sha256"] == facts.sha256
    assert made["edition"] == edition.number
    assert made["forms"] == return_json(facts)["forms"]
