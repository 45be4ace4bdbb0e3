"""Declaring, signing and keeping a return: what the pages answer, and that no word typed on the way is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from grants.actions.drafts import save_section
from grants.documents.queue import JOB_KIND
from grants.models import MonitoringReturn, ReturnDocument, Revision, Section, SectionDraft
from tests.cast import World, complete_answers
from tests.factories import QuestionFactory, ReturnDocumentFactory
from vru.accounts.models import User
from vru.jobs.models import Job

pytestmark = pytest.mark.django_db
NO_SPEND = {"spend.labour.actual": "0"}
NOTHING_SPENT = "You supported 10 new people but spent nothing."


def at(world: World, rest: str = "") -> str:
    return f"/returns/{world.grant.ref}/2020-21Q2/{rest}"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fill(world: World, **changes: dict[str, str]) -> None:
    for letter, data in (complete_answers(world) | changes).items():
        draft = SectionDraft.objects.filter(monitoring_return=world.monitoring_return, section=letter).first()
        save_section(
            monitoring_return=world.monitoring_return,
            section=Section(letter),
            data=data,
            version=draft.version if draft else 0,
            by=world.cast.grantee,
            complete=True,
        )


def declare(world: World, client: Client | None = None, **typed: str) -> Any:
    client = client or signed_in(world.cast.grantee)
    return client.post(at(world, "declaration/"), {"declared_name": "Gia", "is_nil": "no", "shown": "", **typed})


def needs_signature(world: World) -> None:
    world.grant.needs_signatory = True
    world.grant.save()


def status(world: World) -> str:
    return MonitoringReturn.objects.get(pk=world.monitoring_return.pk).status


def test_each_warning_stands_beside_what_it_is_about(world: World) -> None:
    fill(world, F=NO_SPEND)
    page = signed_in(world.cast.grantee).get(at(world, "declaration/")).content.decode()
    assert NOTHING_SPENT in page
    assert 'name="explain_W206"' in page
    assert f'{at(world, "section/F/")}#id_spend.labour.actual"' in page


def test_a_double_click_leads_to_the_one_receipt(world: World) -> None:
    fill(world)
    client = signed_in(world.cast.grantee)
    assert [declare(world, client).url for _ in range(2)] == [at(world, "sent/")] * 2
    assert Revision.objects.count() == 1
    assert Job.objects.filter(kind=JOB_KIND).count() == 1


def test_somebody_who_submits_second_is_told_and_sends_nothing(world: World) -> None:
    fill(world)
    declare(world)
    answer = declare(world, signed_in(world.cast.signatory))
    assert answer.status_code == 302
    assert Revision.objects.count() == 1


def test_explanations_survive_a_refusal_and_the_way_back(world: World) -> None:
    fill(world, F=NO_SPEND, D={"age.10-14": "1"})
    client = signed_in(world.cast.grantee)
    answer = declare(world, client, explain_W206="The invoices come in October.", shown="x")
    assert answer.status_code == 422
    assert "The invoices come in October." in answer.content.decode()
    assert f"{at(world, 'section/D/')}#id_age.10-14" in answer.content.decode()
    assert "The invoices come in October." in client.get(at(world, "declaration/")).content.decode()
    fill(world, F=NO_SPEND)
    page = client.get(at(world, "declaration/")).content.decode()
    assert "The invoices come in October." in page
    sent = declare(
        world,
        client,
        explain_W206="The invoices come in October.",
        shown="You supported 10 new people but spent nothing.",
    )
    assert sent.url == at(world, "sent/")
    assert Revision.objects.get().explanations == {"W206": "The invoices come in October."}


def test_a_warning_that_came_up_meanwhile_is_shown_and_what_was_typed_stays(world: World) -> None:
    fill(world)
    client = signed_in(world.cast.grantee)
    assert "explain_" not in client.get(at(world, "declaration/")).content.decode()
    fill(world, F=NO_SPEND)
    answer = declare(world, client, declared_name="Gia Grantee")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="explain_W206"' in page
    assert 'value="Gia Grantee"' in page
    assert Revision.objects.count() == 0


def test_a_warning_of_the_same_kind_is_not_explained_unread(world: World) -> None:
    fill(world, C={"reach.new": "10", "reach.indirect": "900"})
    message = "900 people reached indirectly, against 10 directly. Say how you counted."
    fill(world, C={"reach.new": "10", "reach.indirect": "950"})
    answer = declare(world, explain_W207="Counted at the door.", shown=message)
    assert answer.status_code == 422
    assert "became unusual after you opened this page" in answer.content.decode()
    assert "950 people" in answer.content.decode()


def test_a_nil_return_needs_its_reason_beside_the_box(world: World) -> None:
    client = signed_in(world.cast.grantee)
    assert 'value="yes" checked' in client.get(at(world, "declaration/?nil=yes")).content.decode()
    answer = declare(world, client, is_nil="yes")
    assert answer.status_code == 422
    assert '<a href="#id_nil_reason">Say why' in answer.content.decode()
    assert declare(world, client, is_nil="yes", nil_reason="The hall was shut.").status_code == 302
    assert "The hall was shut." in client.get(at(world, "sent/")).content.decode()


def test_what_the_declaration_asks_is_shown_on_it(world: World) -> None:
    QuestionFactory(slug="data-protection", section="K", text="Is the data lawful?", kind="yes_no", is_required=True)
    fill(world, K={"answer.data-protection": "yes"})
    page = signed_in(world.cast.grantee).get(at(world, "declaration/")).content.decode()
    assert "Is the data lawful?" in page
    assert at(world, "section/K/") in page


def test_the_receipt_says_what_was_sent_when_by_whom_and_what_was_explained(world: World) -> None:
    fill(world, F=NO_SPEND)
    client = signed_in(world.cast.grantee)
    declare(world, client, explain_W206="Invoices <late>.", shown=NOTHING_SPENT)
    page = client.get(at(world, "sent/")).content.decode()
    for wanted in (
        f"{world.grant.ref} 2020-21Q2 v1",
        "London time",
        "What went well?",
        "1,169",
        "Invoices &lt;late&gt;.",
        NOTHING_SPENT,
        "copy is being made",
        world.cast.programme_manager.email,
    ):
        assert wanted in page, wanted


def test_an_unsigned_return_says_so_to_the_submitter_the_signatory_and_the_manager(world: World) -> None:
    needs_signature(world)
    fill(world)
    declare(world)
    for user in (world.cast.grantee, world.cast.signatory, world.cast.programme_manager):
        page = signed_in(user).get(at(world, "sent/")).content.decode()
        assert "Waiting for a signature" in page
        assert ("Sign this return" in page) is (user == world.cast.signatory)
        assert ("Take it back" in page) is (user == world.cast.grantee)


def test_signing_binds_the_version_on_the_page(world: World) -> None:
    needs_signature(world)
    fill(world)
    declare(world)
    signatory = signed_in(world.cast.signatory)
    for number in ("", "0", "2", "x"):
        signatory.post(at(world, "sign/"), {"revision": number})
        assert Revision.objects.get().signed_at is None
    signatory.post(at(world, "sign/"), {"revision": "1"})
    assert Revision.objects.get().signed_by == world.cast.signatory
    again = signatory.post(at(world, "sign/"), {"revision": "1"})
    assert again.url == at(world, "sent/")
    assert "Signed by a second person" in signatory.get(at(world, "sent/")).content.decode()


def test_the_signatory_sends_it_back_with_a_reason(world: World) -> None:
    needs_signature(world)
    fill(world)
    declare(world)
    signatory = signed_in(world.cast.signatory)
    signatory.post(at(world, "take-back/"), {"revision": "1", "reason": " "})
    assert status(world) == "submitted"
    signatory.post(at(world, "take-back/"), {"revision": "1", "reason": "Spend is wrong."})
    assert status(world) == "draft"
    page = signed_in(world.cast.grantee).get(at(world, "history/")).content.decode()
    assert "Spend is wrong." in page


@pytest.mark.parametrize("rest", ["sign/", "take-back/", "copy/1/make/"])
def test_outsiders_find_nothing_to_sign_take_back_or_copy(world: World, rest: str) -> None:
    needs_signature(world)
    fill(world)
    declare(world)
    for user in (world.cast.outside_grantee, world.cast.nobody):
        assert signed_in(user).post(at(world, rest), {"revision": "1", "reason": "x"}).status_code == 404
    assert Revision.objects.get().signed_at is None
    assert status(world) == "submitted"


def test_the_copy_is_a_download_for_those_who_may_see_the_return(world: World, settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
    fill(world)
    declare(world)
    assert signed_in(world.cast.grantee).get(at(world, "copy/1/")).status_code == 404
    document = ReturnDocumentFactory.build(revision=Revision.objects.get())
    document.file.save("kept.pdf", ContentFile(b"%PDF-1.7"), save=True)
    answer = signed_in(world.cast.grantee).get(at(world, "copy/1/"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="return-{world.grant.ref}-2020-21Q2-v1.pdf"'
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    for user in (world.cast.outside_grantee, world.cast.nobody):
        assert signed_in(user).get(at(world, "copy/1/")).status_code == 404
    assert signed_in(world.cast.grantee).get(at(world, "copy/2/")).status_code == 404
    ReturnDocument.objects.update(file="gone.pdf")
    assert signed_in(world.cast.grantee).get(at(world, "copy/1/")).status_code == 404


def test_a_copy_that_failed_can_be_asked_for_again(world: World) -> None:
    fill(world)
    declare(world)
    Job.objects.filter(kind=JOB_KIND).update(status="failed", finished_at=timezone.now(), error="It went wrong.")
    client = signed_in(world.cast.grantee)
    assert "Try again" in client.get(at(world, "sent/")).content.decode()
    client.post(at(world, "copy/1/make/"))
    assert Job.objects.get(kind=JOB_KIND).status == "queued"
    part = client.get(at(world, "sent/?version=1"), HTTP_HX_REQUEST="true").content.decode()
    assert "copy is being made" in part
    assert "<html" not in part


def test_a_version_that_is_not_there_is_not_found(world: World) -> None:
    fill(world)
    declare(world)
    client = signed_in(world.cast.grantee)
    assert client.get(at(world, "sent/?version=1")).status_code == 200
    assert client.get(at(world, "sent/?version=9")).status_code == 404
    assert client.get(at(world, "sent/?version=x")).status_code == 404
