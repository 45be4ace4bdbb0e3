"""Addresses of saved views, under /saved-views/."""

from django.urls import path

from vru.accounts import saved_view_pages

app_name = "saved-views"
urlpatterns = [
    path("", saved_view_pages.saved_view_list, name="list"),
    path("save/", saved_view_pages.saved_view_save, name="save"),
    path("<int:pk>/open/", saved_view_pages.saved_view_open, name="open"),
    path("<int:pk>/", saved_view_pages.saved_view_edit, name="edit"),
    path("<int:pk>/delete/", saved_view_pages.saved_view_delete, name="delete"),
]
