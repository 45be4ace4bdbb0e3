"""The plan of the illustrative year: its seed, its days, and its invented programmes. Nothing here is real."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

# Another seed or version is another year: databases that hold the old one are refused, never mended in place.
SEED = 20210331
VERSION = 3
YEAR = 2020
TODAY = datetime.date(2021, 3, 31)  # the day on which the illustrative year is looked at

GRANTS, CONTRACTS, UNIT_COSTS = 248, 34, 18
ORGANISATIONS = 120


@dataclass(frozen=True, slots=True)
class Template:
    """A programme: its objective and theme by number (wrapped round where a unit has fewer), and its projects."""

    title: str
    summary: str
    objective: int
    theme: int
    level: str
    ages: tuple[int, int] | None
    projects: tuple[str, ...] = ()
    trains_staff: bool = False


PROGRAMMES = (
    Template(
        "Someone at the bedside",
        "Youth workers meet injured young people on the ward, and stay with them after they go home.",
        1,
        3,
        "multi_borough",
        (11, 25),
        ("Emergency departments", "Going home safely"),
    ),
    Template(
        "Steady ground",
        "Counselling and practical help for young people who live with harm, close to where they are.",
        1,
        3,
        "pan_london",
        (10, 24),
        ("Counselling in community rooms", "Help after an incident"),
    ),
    Template(
        "Parents together",
        "Groups led by trained parents, for parents who are worried about a child.",
        2,
        3,
        "multi_borough",
        None,
        ("Evening groups", "One to one"),
    ),
    Template(
        "Strong from the start",
        "Visits and play sessions for families with young children and more than one worry.",
        2,
        3,
        "borough",
        (0, 9),
    ),
    Template(
        "Ours to decide",
        "Young people hold a budget, choose what it pays for and tell others what came of it.",
        3,
        5,
        "pan_london",
        (14, 24),
        ("Youth panels", "Young researchers"),
    ),
    Template(
        "Streets and squares",
        "Neighbours, traders and youth clubs agree a plan for their own streets and carry it out.",
        4,
        4,
        "ward",
        None,
        ("Neighbourhood consortia", "Small grants for residents"),
    ),
    Template(
        "Open till eight",
        "Clubs, sport and music in the hours after school, run by people from the same streets.",
        4,
        4,
        "borough",
        (10, 17),
        ("Sport", "Music and making"),
    ),
    Template(
        "Still in school",
        "Support for pupils close to exclusion, in the classroom first and beside it where that fails.",
        5,
        2,
        "multi_borough",
        (10, 17),
        ("Inside mainstream schools", "Beside alternative provision"),
    ),
    Template(
        "The next step up",
        "The last term of primary school and the first of secondary, with a mentor who knows both.",
        5,
        2,
        "borough",
        (10, 14),
    ),
    Template(
        "A trusted adult",
        "Mentoring of an hour a week for a year, by people who share something of the young person's life.",
        6,
        1,
        "multi_borough",
        (14, 24),
        ("Mentors", "Into work"),
    ),
    Template(
        "Learning what hurt",
        "Training for public services in working with people who have lived through harm.",
        7,
        3,
        "pan_london",
        None,
        ("Police and custody staff", "Schools and youth services"),
        True,
    ),
    Template(
        "A truer story",
        "Young journalists, artists and film makers tell what their neighbourhoods are like.",
        8,
        5,
        "pan_london",
        (16, 24),
    ),
)
