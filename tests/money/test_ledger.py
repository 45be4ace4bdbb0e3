"""The ledger of a year: taken in whole, matched once, explained, replaced by a later file; and its pages."""

from __future__ import annotations

import csv
import datetime
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.errors import ActionRefused
from grants.imports.ledger import explain_line, import_ledger, match_line, unmatch_line
from grants.imports.ledger_position import changes_since_earlier, live_ledger, missing_payments, position_of
from grants.models import LedgerImport, LedgerLine, Payment
from tests.cast import STAFF
from tests.factories import LedgerLineFactory, PaymentFactory
from tests.money.worlds import MoneyWorld
from vru.accounts.models import AuditEvent, ColumnMapping

pytestmark = pytest.mark.django_db
HEAD = "Posting date,Document number,Vendor,Narrative,Amount GBP\n"
COLUMNS = {"posted_on": "Posting date", "reference": "Document number", "amount": "Amount GBP"}
DAY = datetime.date(2020, 7, 31)
FILE = (
    HEAD + "31/07/2020,GR-OURS-01,,First,500.00\n31/07/2020,GR-OURS-02,,Second,480.00\n31/08/2020,BANK,,Charges,12.00\n"
)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }


@pytest.fixture
def paid(money_world: MoneyWorld) -> MoneyWorld:
    """Three payments of 500.00; the file holds two of them, one with another amount, and a bank charge."""
    for number in (1, 2, 3):
        PaymentFactory(
            commitment=money_world.grant, number=number, amount_pence=500_00, status="paid", paid_on=DAY, due_on=DAY
        )
    return money_world


def take(world: MoneyWorld, text: str = FILE, **options: Any) -> LedgerImport:
    chosen = {"year": 2020, "layer": "recorded", "columns": COLUMNS, "by": world.cast.finance_officer} | options
    return import_ledger(data=text.encode(), name="ledger.csv", **chosen)


def outcomes(ledger: LedgerImport) -> list[tuple[str, int | None, int]]:
    rows = ledger.lines.order_by("row").values_list("outcome", "payment__number", "difference_pence")
    return list(rows)


def test_lines_are_matched_different_and_unmatched_and_their_totals_tie(paid: MoneyWorld) -> None:
    ledger = take(paid)
    assert outcomes(ledger) == [("matched", 1, 0), ("different", 2, -20_00), ("unmatched", None, 0)]
    position = position_of(ledger)
    assert position.ties
    assert position.summed == ledger.total_pence == 992_00
    assert [part.pence for part in position.parts] == [500_00, 480_00, 12_00]
    assert [payment.number for payment in missing_payments(ledger)] == [3]
    assert AuditEvent.objects.about(ledger).get().action == "ledger taken in"
    assert ColumnMapping.objects.get().columns == COLUMNS


def test_nothing_of_a_file_with_one_bad_row_is_kept(paid: MoneyWorld) -> None:
    with pytest.raises(ActionRefused, match="mend the rows"):
        take(paid, FILE + "31/07/2020,GL,,,twelve\n")
    assert not LedgerImport.objects.exists()
    assert not LedgerLine.objects.exists()


@pytest.mark.parametrize("role", [name for name in STAFF if name != "finance_officer"])
def test_only_a_finance_officer_takes_a_ledger_in(paid: MoneyWorld, role: str) -> None:
    with pytest.raises(ActionRefused, match="finance officer"):
        take(paid, by=paid.cast.named(role))


def test_same_file_again_gives_the_ledger_that_is_there(paid: MoneyWorld) -> None:
    assert take(paid).pk == take(paid).pk
    assert LedgerImport.objects.count() == 1


def test_later_file_replaces_the_earlier_one_and_keeps_what_was_settled(paid: MoneyWorld) -> None:
    earlier = take(paid)
    officer = paid.cast.finance_officer
    charge = earlier.lines.get(reference="BANK")
    explain_line(line=charge, explanation="The authority's own.", by=officer)
    second = earlier.lines.get(outcome="different")
    unmatch_line(line=second, by=officer)
    match_line(line=second, payment=Payment.objects.get(number=3), by=officer)
    later = take(paid, FILE.replace("GR-OURS-01", "GR-OURS-99") + "01/09/2020,NEW,,,1.00\n")
    earlier.refresh_from_db()
    assert earlier.superseded_at is not None
    assert live_ledger(2020, "recorded") == later
    assert later.lines.get(reference="BANK").explanation == "The authority's own."
    changed = changes_since_earlier(later)
    assert changed is not None
    assert [line.reference for line in changed.added] == ["GR-OURS-99", "NEW"]
    assert [line.reference for line in changed.gone] == ["GR-OURS-01"]


def test_match_by_hand_is_kept_with_its_difference_and_taken_off_again(paid: MoneyWorld) -> None:
    officer, ledger = paid.cast.finance_officer, take(paid)
    charge = ledger.lines.get(reference="BANK")
    explain_line(line=charge, explanation="Ours after all.", by=officer)
    line = match_line(line=charge, payment=Payment.objects.get(number=3), by=officer)
    assert (line.outcome, line.difference_pence, line.explanation) == ("different", -488_00, "")
    assert unmatch_line(line=line, by=officer).outcome == "unmatched"
    assert position_of(ledger).ties


def test_payment_of_another_line_is_refused(paid: MoneyWorld) -> None:
    ledger = take(paid)
    with pytest.raises(ActionRefused, match="matched to row 2"):
        match_line(
            line=ledger.lines.get(reference="BANK"),
            payment=Payment.objects.get(number=1),
            by=paid.cast.finance_officer,
        )


def test_payment_that_was_not_made_is_refused(paid: MoneyWorld) -> None:
    ledger, planned = take(paid), PaymentFactory(commitment=paid.grant, number=9)
    with pytest.raises(ActionRefused, match="was made"):
        match_line(line=ledger.lines.get(reference="BANK"), payment=planned, by=paid.cast.finance_officer)


def test_line_that_agrees_or_was_replaced_is_not_explained(paid: MoneyWorld) -> None:
    ledger, officer = take(paid), paid.cast.finance_officer
    with pytest.raises(ActionRefused, match="agrees"):
        explain_line(line=ledger.lines.get(row=2), explanation="So.", by=officer)
    with pytest.raises(ActionRefused, match="Say why"):
        explain_line(line=ledger.lines.get(reference="BANK"), explanation="  ", by=officer)
    take(paid, FILE + "01/09/2020,NEW,,,1.00\n")
    with pytest.raises(ActionRefused, match="later file replaced"):
        explain_line(line=ledger.lines.get(reference="BANK"), explanation="Late.", by=officer)


def upload(client: Client, text: str) -> Any:
    chosen = SimpleUploadedFile("ledger.csv", text.encode(), content_type="text/csv")
    return client.post("/money/ledger/upload/?year=2020-21&layer=recorded", {"chosen": chosen}, follow=True)


def test_officer_uploads_checks_takes_in_explains_and_exports(paid: MoneyWorld, client: Client) -> None:
    client.force_login(paid.cast.finance_officer)
    assert "No ledger of this year yet" in client.get("/money/ledger/?year=2020-21&layer=recorded").content.decode()
    checked = upload(client, FILE)
    assert "3 lines, £992.00 in all" in checked.content.decode()
    assert not LedgerImport.objects.exists()
    taken = client.post("/money/ledger/check/", {"what": "take"}, follow=True)
    assert "3 lines" in taken.content.decode()
    line = LedgerLine.objects.get(reference="BANK")
    address = f"/money/ledger/lines/{line.pk}/"
    assert "£500.00" in client.get(address).content.decode()
    assert client.post(address, {"what": "explain", "explanation": ""}).status_code == 422
    client.post(address, {"what": "explain", "explanation": "Bank's own charge."})
    line.refresh_from_db()
    assert (line.explanation, line.explained_by) == ("Bank's own charge.", paid.cast.finance_officer)
    response = client.get("/money/ledger/export/csv/?year=2020-21&layer=recorded&part=open")
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [(row["Reference"], row["Difference"]) for row in rows] == [("GR-OURS-02", "-20.00")]


def test_file_with_other_headings_asks_for_columns_once(paid: MoneyWorld, client: Client) -> None:
    client.force_login(paid.cast.finance_officer)
    text = "When,What,How much\n31/07/2020,GR-OURS-01,500.00\n"
    assert "Say which column is which" in upload(client, text).content.decode()
    columns = {"posted_on": "When", "reference": "What", "amount": "How much"}
    client.post("/money/ledger/check/", {"what": "columns", **columns})
    client.post("/money/ledger/check/", {"what": "take"})
    assert LedgerImport.objects.get().columns == columns
    assert "1 line, £499.00 in all" in upload(client, text.replace("500", "499")).content.decode()


def test_file_with_bad_rows_lists_them_and_cannot_be_taken_in(paid: MoneyWorld, client: Client) -> None:
    client.force_login(paid.cast.finance_officer)
    text = upload(client, FILE + '31/07/2020,GL,,,"1.234,50"\n').content.decode()
    assert "Row 5" in text
    assert "Take the ledger in" not in text
    client.post("/money/ledger/check/", {"what": "take"})
    assert not LedgerImport.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [("a.pdf", b"%PDF-1.7", "not a table"), ("a.xlsx", b"PK\x03\x04broken", "damaged"), ("a.csv", b"\n\n", "empty")],
)
def test_file_that_is_no_table_is_refused_on_the_page(
    paid: MoneyWorld, client: Client, name: str, data: bytes, sentence: str
) -> None:
    client.force_login(paid.cast.finance_officer)
    response = client.post("/money/ledger/upload/?year=2020-21", {"chosen": SimpleUploadedFile(name, data)})
    assert response.status_code == 422
    assert sentence in response.content.decode()


@pytest.mark.parametrize("part", ["open", "different", "unmatched", "matched", "missing", "later"])
def test_thirty_lines_cost_no_more_queries_than_three(paid: MoneyWorld, client: Client, part: str) -> None:
    client.force_login(paid.cast.auditor)
    ledger = take(paid)
    february = {"amount_pence": 5, "status": "paid", "paid_on": datetime.date(2021, 2, 1)}
    PaymentFactory(commitment=paid.third, number=1, **february)
    address = f"/money/ledger/?year=2020-21&layer=recorded&part={part}"

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(10, 37):
        made = PaymentFactory(commitment=paid.second, number=number, amount_pence=5, status="paid", paid_on=DAY)
        matched = {"payment": made, "outcome": "matched"} if number % 2 else {}
        LedgerLineFactory(ledger=ledger, row=number + 50, posted_on=DAY, **matched)
        PaymentFactory(commitment=paid.third, number=number, **february)
    assert queries() <= few <= 28


@pytest.mark.parametrize("what", ["match", "unmatch", "explain"])
def test_only_the_finance_officer_settles_a_line(paid: MoneyWorld, what: str) -> None:
    line = take(paid).lines.get(reference="BANK")
    for name in (*STAFF, "grantee"):
        client = Client()
        client.force_login(paid.cast.named(name))
        answer = client.post(f"/money/ledger/lines/{line.pk}/", {"what": what, "explanation": "Why.", "payment": "x"})
        assert answer.status_code == (302 if name == "finance_officer" else 403), name
