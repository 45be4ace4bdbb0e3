"""Tells a person something once: in the site, and by email unless they switched that off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from vru.accounts.models import User
from vru.jobs.actions.outbox import queue_message
from vru.jobs.models import MessagePreference, Notification, Topic

# Somebody else waits for the reader, and may not know why nothing happens: these always come by email.
ALWAYS_BY_EMAIL = frozenset({Topic.SIGNATURE, Topic.RETURN_DECIDED})
LONGEST_TITLE = 200


@transaction.atomic
def notify(
    *,
    user: User,
    topic: Topic,
    key: str,
    title: str,
    text: str,
    href: str,
    template: str,
    context: Mapping[str, Any],
) -> bool:
    """Tell one person about one occasion; whether they were told now (False: they had been, or have left).

    ``key`` names the occasion; the person is added to it, so two workers or two clicks tell each person once.
    ``href`` is a path on this site. ``template`` names the words of the mail (``mail/<template>.txt``), for which
    ``context`` is as in ``letter``, with ``about`` (what the subject adds to the title). Call it inside the transaction
    that causes it: what is rolled back tells nobody.
    """
    if not user.is_active:
        return False
    key = f"{key} to {user.pk}"
    title = one_line(title)[:LONGEST_TITLE]
    _, is_new = Notification.objects.get_or_create(
        key=key,
        defaults={
            "user": user,
            "topic": topic,
            "title": title,
            "text": text,
            "href": href,
            "created_at": timezone.now(),
        },
    )
    if is_new and wants_email(user, topic):
        # In a list of mails the subject stands alone, so it says which grant as well.
        subject = one_line(f"{title}: {context['about']}")[:LONGEST_TITLE]
        plain, html = letter(template=template, title=subject, href=href, context=context)
        queue_message(key=key, to=user.email, subject=subject, text=plain, html=html, sender=context["unit_name"])
    return is_new


def wants_email(user: User, topic: Topic) -> bool:
    """Whether this person gets mail about a topic: yes, unless they said no to one that may be switched off."""
    if topic in ALWAYS_BY_EMAIL:
        return True
    return not MessagePreference.objects.filter(user=user, topic=topic, by_email=False).exists()


def letter(*, template: str, title: str, href: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """The mail as (plain text, HTML). Both are made from the same words, so they cannot disagree.

    ``context`` has ``unit_name``, ``facts`` (pairs of label and value), ``action`` (the link's text), ``ask`` (whom to
    ask, a sentence), ``is_illustrative``, ``why`` (why the reader gets this) and whatever the template of the words
    needs. A blank line in the words begins a paragraph.
    """
    words = render_to_string(f"mail/{template}.txt", dict(context))
    whole = {
        **context,
        "title": title,
        "paragraphs": [one_line(paragraph) for paragraph in words.split("\n\n") if paragraph.strip()],
        "address": f"{settings.SITE_URL}{href}",
    }
    return render_to_string("mail/letter.txt", whole), render_to_string("mail/letter.html", whole)


def one_line(text: str) -> str:
    """Without line breaks: no header of a mail may hold one."""
    return " ".join(text.split())
