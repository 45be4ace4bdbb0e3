"""The facts of an invented unit's report, with every kind of block, long titles and long tables."""

from __future__ import annotations

from typing import Any

from vru.lib.charts import (
    ChartSpec,
    LogicColumn,
    LogicLink,
    LogicModel,
    LogicNode,
    Series,
    alt_text,
    grid_positions,
    logic_model_svg,
    tile_map_svg,
)
from vru.lib.charts.chart import chart_svg

HASH = "6f1c0a9be2d47f83a5c6e1907b3d2f48c9e05a71d6b8f3240e9c7a15b2d4f680"
OBJECTIVES = (
    "1 Supporting individuals to be more resilient",
    "2 Supporting stronger families",
    "3 Young people leading change",
    "4 Enabling communities to be strong, safe and resilient",
    "5 Prioritising wellbeing and achievement in schools",
    "6 Giving young people every chance to succeed",
    "7 Making the city more compassionate and safer",
    "8 Increasing confidence in public institutions and changing the message around violence",
)
PROGRAMMES = (
    "Youth work in hospital emergency departments",
    "Mentoring in pupil referral units",
    "After-school hours",
    "Neighbourhood consortia",
    "Advocacy in general practice",
    "Parent and carer network",
    "Young advisers",
    "Diversion from custody suites",
    "Practitioner training",
    "Local plans",
    "Grassroots fund",
    "Inclusive schools across the whole of the city and its neighbouring districts",
)
OUTCOMES = (
    "Neighbourhoods most affected have more cohesion, control and trust",
    "Young people have more skills and opportunities",
    "Those with greatest need have support",
    "More communities take part in reducing violence",
)
AIMS = ("Reduce and stabilise violence", "Increase feelings of safety", "Put community at the heart")
QUARTERS = ("2020-21 Q1", "2020-21 Q2", "2020-21 Q3", "2020-21 Q4")
PROSE = (
    "<p>The unit commissions work that prevents violence. In the year it supported <strong>3,884 people</strong> "
    'through {n} programmes, in schools, hospitals and neighbourhoods.<span class="footnote">People may be counted '
    "by more than one grant; the figure is gross.</span> Returns came from 287 of 301 grants due, and a figure says "
    "when it rests on fewer.</p><p>The first months were shaped by the pandemic: sessions moved on line, hospitals "
    "closed their doors to visiting workers, and grants were allowed to pay core costs. What follows sets out what "
    "was planned, what was done and what was learnt, and where the data falls short it says so.</p>"
)


def column(label: str, align: str = "right", unit: str | None = None) -> dict[str, Any]:
    return {"label": label, "align": align, "unit": unit}


def row(header: str, *cells: str, emphasis: bool = False) -> dict[str, Any]:
    return {"header": header, "cells": list(cells), "emphasis": emphasis}


def prose(number: int = 12, heading: str = "") -> dict[str, Any]:
    return {"kind": "prose", "html": (f"<h3>{heading}</h3>" if heading else "") + PROSE.replace("{n}", str(number))}


def table(number: str, caption: str, columns: list[Any], rows: list[Any], **more: Any) -> dict[str, Any]:
    source = "Quarterly returns, approved revisions"
    return {
        "kind": "table",
        "id": f"table-{number}",
        "number": number,
        "caption": caption,
        "columns": columns,
        "rows": rows,
        "source": source,
        "notes": [],
        **more,
    }


def chart(number: str, caption: str, spec: ChartSpec) -> dict[str, Any]:
    rows = [row(name, *(spec.display(s, i) for s in spec.series)) for i, name in enumerate(spec.categories)]
    columns = [column("", "left"), *(column(series.label) for series in spec.series)]
    columns[0]["label"] = "Row"
    return {
        "kind": "chart",
        "id": f"figure-{number}",
        "number": number,
        "caption": caption,
        "svg": chart_svg(spec),
        "alt": alt_text(spec),
        "columns": columns,
        "rows": rows,
        "source": "Police recorded crime",
        "notes": [],
    }


def specs_of_totals() -> tuple[ChartSpec, ...]:
    years = ("2015-16", "2016-17", "2017-18", "2018-19", "2019-20", "2020-21")
    trend = ChartSpec(
        "line",
        "trend",
        "Offences recorded by year",
        years,
        (
            Series("Knife crime", (9721, 12101, 14721, 14884, 15582, 11561)),
            Series("Knife crime with injury", (3702, 4112, 4733, 4401, 4390, 3051)),
            Series("Gun crime", (2011, 2510, 2407, 2301, None, 1702)),
        ),
        unit="offences",
    )
    money = ChartSpec(
        "bar",
        "money",
        "Funding by source",
        ("Home Office", "Mayoral core", "Growth", "Reserves"),
        (Series("Funding", (7_600_000, 5_000_000, 5_000_000, 500_000)),),
        unit="£",
    )
    reach = ChartSpec(
        "grouped_bar",
        "reach",
        "New people by quarter",
        QUARTERS,
        (
            Series("New people", (812, 1044, 1120, 908)),
            Series("Target", (900, 1000, 1100, 1200)),
        ),
        unit="people",
    )
    return trend, money, reach


def specs_of_parts() -> tuple[ChartSpec, ...]:
    ages = ChartSpec(
        "stacked_bar",
        "ages",
        "New people by age and objective",
        OBJECTIVES[:4],
        (
            Series("0–9", (12, 200, 8, 30)),
            Series("10–14", (300, 180, 60, 110)),
            Series("15–17", (410, 90, 85, 140)),
            Series("18–24", (190, 40, 95, 160)),
            Series("Not known", (55, 31, 15, 22)),
        ),
        unit="people",
    )
    goal = ChartSpec(
        "progress",
        "goal",
        "New people against target",
        PROGRAMMES[:5],
        (
            Series("Reached", (1169, 140, 402, 310, 251)),
            Series("Target", (1300, 120, 500, 300, 400)),
        ),
        unit="people",
    )
    return ages, goal


def charts() -> list[dict[str, Any]]:
    captions = (
        "Offences recorded by the police fell in the year in which people stayed at home",
        "Funding by source, in pounds",
        "New people by quarter against target",
        "New people by age and objective",
        "New people reached against target, five largest programmes",
    )
    specs = (*specs_of_totals(), *specs_of_parts())
    return [chart(f"{n}", caption, spec) for n, (caption, spec) in enumerate(zip(captions, specs, strict=True), 1)]


def tile_map() -> dict[str, Any]:
    areas = [
        (f"D{n:02}", f"District of {name}")
        for n, name in enumerate(("Alder", "Beech", "Cedar", "Elm", "Hazel", "Rowan"))
    ]
    values = {code: None if n == 2 else 40 + n * 31 for n, (code, _name) in enumerate(areas)}
    svg = tile_map_svg(
        grid_positions(areas), values, prefix="map", title="New people by district of residence", displays={"D02": "<5"}
    )
    return {
        "kind": "chart",
        "id": "figure-6",
        "number": "6",
        "caption": "New people by district of residence",
        "svg": svg,
        "alt": "",
        "columns": [],
        "rows": [],
        "source": "Quarterly returns",
        "notes": ["Counts under 5 are not shown."],
    }


def logic_model() -> dict[str, Any]:
    def nodes(letter: str, names: tuple[str, ...]) -> tuple[LogicNode, ...]:
        return tuple(LogicNode(f"{letter}{n}", name) for n, name in enumerate(names))

    pairs = [(f"i{n}", f"o{(n * 5) % 8}") for n in range(len(PROGRAMMES))]
    pairs += [(f"o{n}", f"c{m}") for n in range(8) for m in sorted({n % 4, (n * 3 + 1) % 4})]
    pairs += [("c0", "a0"), ("c0", "a1"), ("c0", "a2"), ("c1", "a0"), ("c2", "a0"), ("c2", "a1"), ("c3", "a2")]
    columns = (
        LogicColumn("Interventions", nodes("i", PROGRAMMES)),
        LogicColumn("Objectives", nodes("o", OBJECTIVES)),
        LogicColumn("Outcomes", nodes("c", OUTCOMES)),
        LogicColumn("Aims", nodes("a", AIMS)),
    )
    model = LogicModel("logic", "The logic model of the strategy", columns, tuple(LogicLink(*pair) for pair in pairs))
    names = {node.id: node.label for part in columns for node in part.nodes}
    return {
        "kind": "logic_model",
        "id": "figure-7",
        "number": "7",
        "caption": "How the work is meant to lead to the aims",
        "svg": logic_model_svg(model),
        "alt": "",
        "columns": [column("From", "left"), column("Leads to", "left")],
        "rows": [row(names[source], "; ".join(names[t] for s, t in pairs if s == source)) for source in dict(pairs)],
    }


def long_table(rows: int) -> dict[str, Any]:
    columns = [
        column("Grant", "left"),
        column("Objective", "left"),
        *(column(q[-2:], unit="people") for q in QUARTERS),
        column("Year", unit="people"),
    ]
    body = []
    for n in range(rows):
        name = f"Grant {n + 1:03}: {PROGRAMMES[n % len(PROGRAMMES)]}"
        cells = [str((n * 7 + q * 3) % 90) for q in range(4)]
        body.append(row(name, OBJECTIVES[n % 8][:1], *cells, str(sum(map(int, cells))), emphasis=n == rows - 1))
    notes = ["People new under two grants are counted by both: the total is gross."]
    return table("3", "New people by grant and quarter", columns, body, notes=notes)


def programme_list() -> dict[str, Any]:
    items = [
        {
            "title": name,
            "meta": f"Objective {n % 8 + 1} · {n + 2} districts · £{n * 210 + 140},000 awarded",
            "html": "<p>Trusted adults work with young people where they are, over months rather than weeks.</p>",
            "figures": [{"display": f"{n * 37 + 140:,}", "label": "new people", "basis_note": "from 4 of 4 returns"}],
        }
        for n, name in enumerate(PROGRAMMES)
    ]
    return {"kind": "programme_list", "items": items}


def recommendations() -> dict[str, Any]:
    text = "<p>The unit should publish how it counts the people it supports, and what it leaves out.</p>"
    done = {
        "status": "Done",
        "text_html": "<p>Definitions stand in the annex of this report, with numerators and exclusions.</p>",
    }
    begun = {"status": "Under way", "text_html": "<p>Partners agreed a shared form; two districts use it.</p>"}
    items = [
        {"ref": f"Recommendation {n}", "text_html": text, "responses": [done, begun][: 1 + n % 2]} for n in range(1, 6)
    ]
    return {"kind": "recommendations", "items": items}


def money_tables() -> tuple[dict[str, Any], dict[str, Any]]:
    """A narrow table with a total, and a wide one."""
    money = [
        column("Source", "left"),
        column("Planned", unit="£m"),
        column("Received", unit="£m"),
        column("Difference", unit="£m"),
    ]
    sources = [
        row("Home Office", "7.6", "7.6", "0.0"),
        row("Mayoral core", "5.0", "5.0", "0.0"),
        row("Mayoral growth", "5.0", "4.0", "−1.0"),
    ]
    funding = table("1", "Funding by source", money, [*sources, row("Total", "17.6", "16.6", "−1.0", emphasis=True)])
    wide = [
        column("District", "left"),
        *(column(label) for label in ("0–9", "10–14", "15–17", "18–24", "25+", "Not known", "All")),
    ]
    spread = table(
        "2",
        "New people by age and district",
        wide,
        [row(f"District of {n}", *("<5", "12", "40", "31", "c", "9", "96")) for n in "ABCDEFGHIJKLMNOP"],
    )
    return funding, spread


def asides() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Pull numbers, a callout, and what was not supplied."""
    pulls = {
        "kind": "figures",
        "items": [
            {"label": "people newly supported", "display": "3,884", "basis_note": "gross, 287 of 301 returns"},
            {"label": "committed to prevention", "display": "£17.6m", "basis_note": "five sources"},
            {"label": "practitioners trained", "display": "100", "basis_note": "stated"},
            {"label": "districts with a local plan", "display": "32", "basis_note": "of 32"},
        ],
    }
    callout = {
        "kind": "callout",
        "title": "Where a figure is stated",
        "html": "<p>A stated figure was received, not computed. It is printed as it came, beside the data.</p>",
    }
    absent = {
        "kind": "not_supplied",
        "html": "<p>This section describes the unit's staff. Only the unit can write it; it was not supplied.</p>",
    }
    return pulls, callout, absent


POINTS = (
    "Every return but fourteen arrived before the quarter closed.",
    "Reach met its target in two quarters of four.",
    "Spend stands within 1% of the award.",
)


def section(number: str, title: str, level: int, *blocks: Any) -> dict[str, Any]:
    slug = f"section-{number.lower().replace(' ', '-')}"
    return {
        "number": number,
        "slug": slug,
        "title": title,
        "level": level,
        "key_points": list(POINTS if level == 1 else POINTS[:2]),
        "blocks": list(blocks),
    }


def sections(rows: int) -> list[dict[str, Any]]:
    drawn = charts()
    funding, spread = money_tables()
    pulls, callout, absent = asides()
    return [
        section(
            "1", "The violence reduction unit, its areas of work and the way it is led", 1, prose(), pulls, callout
        ),
        section(
            "1A",
            "Meeting the needs of the city through structure, challenge, the pandemic and diversity",
            2,
            prose(9, "How we are set up"),
            absent,
        ),
        section("1E", "Cultural and financial sustainability", 2, prose(), funding, drawn[1]),
        section("2", "Response strategy and interventions", 1, prose(), programme_list(), spread),
        section(
            "3C",
            "Progress against success measures",
            1,
            prose(),
            drawn[2],
            drawn[4],
            drawn[3],
            tile_map(),
            long_table(rows),
        ),
        section("3D", "Theory of change", 1, prose(), logic_model()),
        section(
            "Appendix 1", "What the needs assessment said, and what was done about it", 1, drawn[0], recommendations()
        ),
    ]


def snapshot_figures() -> list[dict[str, Any]]:
    return [
        {"label": label, "display": display, "basis_note": note, "key": key, "stated": stated}
        for label, display, note, key, stated in (
            ("people newly supported, gross", "3,884", "287 of 301 returns", "reach.new year=2020-21", False),
            (
                "supported directly and indirectly",
                "c.80,000",
                "annual statement of the unit",
                "stated.value slug=reach",
                True,
            ),
            ("committed in the year", "£17.6m", "five funding sources", "funding.total year=2020-21", False),
            ("programmes and projects", "126", "decisions in force on 31 March 2021", "programmes.count", False),
            ("grants to organisations", "301", "signed by 31 March 2021", "grants.count", False),
            ("of the award spent by quarter 3", "74.2%", "£13,064,210.55 of £17,606,750.00", "spend.share", False),
            ("change in recorded knife crime", "−25.8%", "15,582 to 11,561 offences", "series.change", False),
            (
                "practitioners trained",
                "at least 100",
                "annual statement of the unit",
                "stated.value slug=trained",
                True,
            ),
            ("returns received", "287 of 301", "as at 31 March 2021", "returns.received", False),
        )
    ]


def method_notes() -> dict[str, Any]:
    definition = {
        "key_family": "reach.new",
        "label": "New people",
        "numerator": "people first supported under the grant or its predecessor",
        "denominator": "",
        "exclusions": "contacts, indirect reach and trained practitioners",
        "unit": "people",
        "source": "quarterly returns, approved revisions",
    }
    share = {
        **definition,
        "key_family": "spend.share",
        "label": "Share of the award spent",
        "denominator": "the award, in pounds and pence",
    }
    complete = table(
        "4",
        "Returns received by quarter",
        [column("Quarter", "left"), column("Received"), column("Due")],
        [row(q, "72", "75") for q in QUARTERS],
    )
    issues = table(
        "5",
        "Open data issues",
        [column("Where", "left"), column("Stated"), column("Computed"), column("Difference")],
        [row("Budget by category, total", "19.7", "19.6", "0.1")],
    )
    return {
        "definitions": [definition, share],
        "completeness": [complete],
        "issues": issues,
        "disclosure": ["<p>Counts of one to four people are not printed, nor any figure that would tell one.</p>"],
    }


def edition_facts(mark: str | None) -> dict[str, Any]:
    return {
        "kind_title": "Annual report to the Home Office",
        "unit_name": "Northshire Violence Reduction Unit",
        "unit_short": "Northshire VRU",
        "place": "Northshire and its six districts",
        "funder": "Home Office",
        "year": "2020-21",
        "layer": "illustrative",
        "status_label": "Illustrative edition",
        "as_at": "31 March 2021",
        "generated_note": "Every figure was read from one frozen snapshot of the unit's records.",
        "snapshot_hash": HASH,
        "signed": {"name": "A. Director", "role": "Director", "date": "31 March 2021"},
        "mark": mark,
    }


def sample_facts(*, rows: int = 120, index: int = 60, mark: str | None = "Illustrative data") -> dict[str, Any]:
    """The whole context of the report's template but for its stylesheet."""
    return {
        "edition": edition_facts(mark),
        "snapshot_title": "Snapshot of the year",
        "snapshot": snapshot_figures(),
        "sections": sections(rows),
        "methods": method_notes(),
        "figures_index": [
            {
                "display": f"{n * 13 + 7:,}",
                "key": f"reach.new objective={n % 8 + 1} programme=neighbourhood-consortia quarter=2020-21Q{n % 4 + 1}",
                "label": "New people, objective and quarter",
                "basis": "computed, 74 of 75 returns",
                "where": f"Section {n % 3 + 1}A",
            }
            for n in range(index)
        ],
    }
