"""A list with its filters and order, kept under a name by the person who works with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from vru.accounts.models.user import User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> SavedViewQuerySet:
        """One's own, and what colleagues share with the unit's staff."""
        own = models.Q(owner=user)
        return self.filter(own | models.Q(is_shared=True)) if user.is_staff_member else self.filter(own)


class SavedView(models.Model):
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=60, help_text="The name of the list's address, such as grants:list.")
    name = models.CharField(max_length=100)
    query = models.TextField(blank=True, help_text="Filters and order as in the page's address.")
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["page", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_view_named"),
        ]

    def __str__(self) -> str:
        return self.name
