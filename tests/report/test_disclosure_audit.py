"""An adversary with everything published narrows no small count down, and the audit finds what would let one."""

from __future__ import annotations

import io
import json
import zipfile
from random import Random

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from evaluation.disclosure_audit import audit_edition
from evaluation.models import EditionFile
from evaluation.reports import build, facts
from evaluation.reports.disclosure import Protection
from tests.factories import StaffRoleFactory
from tests.report import crowd as people
from tests.report.quick_pdf import QuickPdf
from vru.accounts.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEEDS = (1, 2, 4)


@pytest.fixture
def director():
    return StaffRoleFactory(role=Role.DIRECTOR).user


@pytest.fixture(autouse=True)
def store(settings, tmp_path, monkeypatch):
    options = {"location": str(tmp_path / "files"), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    monkeypatch.setattr(build, "PdfProcess", QuickPdf)


@pytest.fixture
def unprotected(monkeypatch):
    """A build that hides nothing."""

    def as_they_are(figures, plan, **_):
        return Protection(figures, frozenset(), ())

    monkeypatch.setattr(facts, "protect_figures", as_they_are)


@pytest.fixture
def only_small_hidden(monkeypatch):
    """A build that hides small counts and nothing for their sake: what many a published table does."""
    real = facts.protect_figures

    def naive(figures, plan, **more):
        made = real(figures, plan, **more)
        shown = {
            key: made.figures[key] if figure.unit != "people" or (figure.value or 0) < 5 else figure
            for key, figure in figures.items()
        }
        return Protection(shown, made.hidden, made.paragraphs)

    monkeypatch.setattr(facts, "protect_figures", naive)


def kinds(edition) -> set[str]:
    return {each.kind for each in audit_edition(edition)}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_reader_narrows_a_small_count_of_a_random_unit(seed, director):
    crowd = people.random_crowd(Random(seed))
    people.load(crowd)
    edition = people.build(director)
    printed = json.loads(edition.files.get(kind="snapshot").file.read())["figures"]
    ranges = people.readers_ranges(printed, crowd)
    assert ranges, "a world without a small count proves nothing"
    assert [key for key, (low, high) in ranges.items() if high is not None and high - low < 5] == []
    assert audit_edition(edition) == []


def test_the_audit_finds_every_count_that_a_naive_build_prints(unprotected, director):
    people.load(people.random_crowd(Random(1)))
    edition = people.build(director)
    found = audit_edition(edition)
    assert {"printed"} <= {each.kind for each in found}
    assert all("must be hidden" in each.sentence for each in found if each.kind == "printed")


@pytest.mark.parametrize("seed", SEEDS[1:])
def test_the_audit_finds_what_hiding_small_counts_alone_lets_readers_work_out(seed, only_small_hidden, director):
    crowd = people.random_crowd(Random(seed))
    people.load(crowd)
    edition = people.build(director)
    printed = json.loads(edition.files.get(kind="snapshot").file.read())["figures"]
    told = {
        key
        for key, (low, high) in people.readers_ranges(printed, crowd).items()
        if high is not None and high - low < 5 and key.startswith("reach.breakdown")
    }
    found = {each.key for each in audit_edition(edition) if each.kind == "worked_out"}
    assert told, "this world gives nothing away"
    assert told <= found


def test_a_count_that_an_earlier_edition_hid_stays_hidden_when_the_small_one_beside_it_has_grown(director):
    first = [p for p in steady() if p.age != "oldest"] + [OLDEST] * 3
    people.load(first)
    earlier = people.sign(people.build(director), director)
    people.correct("A1", 1, [p for p in first if (p.programme, p.quarter) == ("A1", 1)] + [OLDEST] * 40)
    later = people.build(director, later=True)
    figures = [json.loads(each.files.get(kind="snapshot").file.read())["figures"] for each in (earlier, later)]
    # What the first edition hid together with the three would now give the three away.
    hidden = {key for key, figure in figures[0].items() if figure["hidden"] and key.startswith("reach.breakdown")}
    still = {key for key in hidden if figures[1][key]["hidden"]}
    assert "reach.breakdown category=oldest dimension=age" in hidden
    assert len(still) >= 1
    assert audit_edition(later) == []


def test_two_editions_a_correction_apart_do_not_tell_whom_the_correction_was_about(director):
    crowd = steady()
    people.load(crowd)
    earlier = people.sign(people.build(director), director)
    assert audit_edition(earlier) == []
    two_more = [people.Person("A1", 1, "oldest", "female", "east")] * 2
    people.correct("A1", 1, [p for p in crowd if (p.programme, p.quarter) == ("A1", 1)] + two_more)
    later = people.build(director, later=True)
    old, new = (json.loads(each.files.get(kind="snapshot").file.read())["figures"] for each in (earlier, later))
    assert old["reach.new"]["value"] != new["reach.new"]["value"], "the total of everybody is printed again"
    for key in (
        "reach.new programme=A1",
        "reach.new objective=1",
        "reach.breakdown category=oldest dimension=age",
        "reach.breakdown category=female dimension=sex",
        "reach.breakdown category=east dimension=district",
    ):
        assert old[key]["value"] is not None
        assert new[key]["display"] == "[c]", key
    assert audit_edition(later) == []


def test_the_audit_finds_a_change_of_a_few_that_a_build_forgot(director, monkeypatch):
    crowd = steady()
    people.load(crowd)
    people.sign(people.build(director), director)
    two_more = [people.Person("A1", 1, "oldest", "female", "east")] * 2
    people.correct("A1", 1, [p for p in crowd if (p.programme, p.quarter) == ("A1", 1)] + two_more)
    monkeypatch.setattr(facts, "earlier_editions", lambda *_: ())
    changed = {each.key for each in audit_edition(people.build(director, later=True)) if each.kind == "changed"}
    assert {"reach.new programme=A1", "reach.breakdown category=east dimension=district"} <= changed


def test_the_audit_finds_a_hidden_count_that_an_annex_prints(director):
    people.load([p for p in steady() if p.age != "oldest"] + [OLDEST] * 3)
    edition = people.build(director)
    file = edition.files.get(kind=EditionFile.Kind.ANNEX_ZIP)
    key = "reach.breakdown category=oldest dimension=age"
    file.file.save("annex.zip", ContentFile(put_back(file.file.read(), key, "103")))
    (found,) = [each for each in audit_edition(edition) if each.key == key]
    assert found.kind == "printed"
    assert "figures.csv" in found.sentence


def test_the_audit_finds_a_hidden_count_that_somebody_typed(director):
    text = "In all {{reach.new}} people were helped, of them two young people of Project B1."
    few = [people.Person("B1", 1, "young", "male", "north")] * 2
    people.load([*(p for p in steady() if p.programme != "B1"), *few], text)
    edition = people.build(director)
    found = [each for each in audit_edition(edition) if each.kind == "typed"]
    assert [(each.key, each.where) for each in found] == [("reach.new programme=B1", ("web page",))]


def test_the_command_says_that_an_edition_is_safe_or_what_is_not(director, unprotected, capsys):
    people.load(steady())
    safe = people.build(director)
    call_command("audit_disclosure", str(safe.pk))
    assert "no small count of people can be told" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no built edition"):
        call_command("audit_disclosure", "0")


def test_the_command_lists_exposures_as_data(director, unprotected, capsys):
    people.load([p for p in steady() if p.age != "oldest"] + [OLDEST] * 3)
    edition = people.build(director)
    with pytest.raises(CommandError, match="must be hidden"):
        call_command("audit_disclosure", str(edition.pk), "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert {each["kind"] for each in found["exposures"]} >= {"printed"}


def test_an_edition_whose_files_cannot_be_read_is_an_exposure(director):
    people.load(steady())
    edition = people.build(director)
    edition.files.get(kind=EditionFile.Kind.SNAPSHOT).file.delete(save=False)
    assert [each.kind for each in audit_edition(edition)] == ["unreadable"]


def test_counts_rounded_to_five_stay_safe_and_every_file_says_the_same(settings, director):
    settings.DISCLOSURE_ROUNDING = 5
    crowd = people.random_crowd(Random(2))
    people.load(crowd)
    edition = people.build(director)
    printed = json.loads(edition.files.get(kind="snapshot").file.read())["figures"]
    values = [int(f["value"]) for key, f in printed.items() if key.startswith("reach.") and f["value"] is not None]
    assert values
    assert all(value % 5 == 0 for value in values)
    assert audit_edition(edition) == []


OLDEST = people.Person("A1", 1, "oldest", "male", "north")


def steady() -> list[people.Person]:
    """Ten to thirty people wherever there can be any: nothing small."""
    places = people.everywhere()
    return [place for number, place in enumerate(places) for _ in range(10 + number % 20)]


def put_back(annex: bytes, key: str, number: str) -> bytes:
    """The same annex, with a number for one key in its index of figures."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(annex)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8")
            if name == "figures.csv":
                lines = content.split("\r\n" if "\r\n" in content else "\n")
                content = "\n".join(line.replace(f"{key},[c],", f"{key},{number},") for line in lines)
                content = content.replace(f"{key},,", f"{key},{number},")
            new.writestr(name, content)
    return made.getvalue()
