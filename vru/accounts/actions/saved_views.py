"""Keep a list under a name, share it with colleagues, give it another name, take it away."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict

from vru.accounts.models import SavedView, User

LONGEST_NAME, LONGEST_QUERY, MOST_VIEWS = 100, 2_000, 100
# Of the page that was shown, not of the list.
_PASSING = ("page", "csrfmiddlewaretoken")


class SavedViewRefused(ValueError):
    """It cannot be kept so; the message says why and what to do instead."""


@transaction.atomic
def save_view(*, page: str, name: str, query: str, is_shared: bool, by: User) -> SavedView:
    """Keep the filters and order of a list. A name used before on this list is kept with the new filters.

    Only staff share, because only staff see what is shared. Raises ``SavedViewRefused`` without a name, for a query
    that is too long, and above a hundred views.
    """
    # One person's views change one after the other: two tabs cannot both make the hundredth, nor one name twice.
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    title, kept = _name(name), _query(query)
    mine = SavedView.objects.filter(owner=by)
    if not mine.filter(page=page, name=title).exists() and mine.count() >= MOST_VIEWS:
        raise SavedViewRefused(f"You have {MOST_VIEWS} views. Delete one that you no longer use.")
    view, _ = SavedView.objects.update_or_create(
        owner=by, page=page, name=title, defaults={"query": kept, "is_shared": is_shared and by.is_staff_member}
    )
    return view


@transaction.atomic
def change_view(*, view: SavedView, name: str, is_shared: bool, by: User) -> SavedView:
    """Give one's own view another name, share it or stop sharing it. Raises ``SavedViewRefused`` for another's view and
    for a name that another view of the list has."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    locked, title = _own(view, by), _name(name)
    if SavedView.objects.filter(owner=by, page=locked.page, name=title).exclude(pk=locked.pk).exists():
        raise SavedViewRefused(f"You have another view called “{title}” of this list. Choose another name.")
    locked.name, locked.is_shared = title, is_shared and by.is_staff_member
    locked.save(update_fields=["name", "is_shared"])
    return locked


@transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    _own(view, by).delete()


def _own(view: SavedView, by: User) -> SavedView:
    locked = SavedView.objects.select_for_update(of=("self",)).filter(pk=view.pk).first()
    if locked is None:
        raise SavedViewRefused("The view is no longer there.")
    if locked.owner_id != by.pk:
        raise SavedViewRefused("Only the person who saved a view changes it. Open it and save it under your own name.")
    return locked


def _name(name: str) -> str:
    title = " ".join(name.split())
    if not title:
        raise SavedViewRefused("Give the view a name, for example “My grants at risk”.")
    if "\0" in title:
        raise SavedViewRefused("The name has a hidden character in it. Clear it and retype it.")
    if len(title) > LONGEST_NAME:
        raise SavedViewRefused(f"The name is longer than {LONGEST_NAME} characters. Shorten it.")
    return title


def _query(query: str) -> str:
    if len(query) > LONGEST_QUERY or "\0" in query or "%00" in query:
        raise SavedViewRefused("These filters are too long to be kept, or cannot be read. Choose fewer.")
    kept = QueryDict(query, mutable=True)
    for name in _PASSING:
        kept.pop(name, None)
    return kept.urlencode()
