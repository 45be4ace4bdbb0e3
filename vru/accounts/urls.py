from django.urls import path

from vru.accounts import delegation_views, key_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.organisation, name="organisation"),
    path("delegations/", delegation_views.delegation_list, name="delegations"),
    path("delegations/<int:pk>/end/", delegation_views.delegation_end, name="delegation-end"),
    path("keys/", key_views.key_list, name="keys"),
    path("keys/new/", key_views.key_create, name="key-create"),
    path("keys/<int:key_id>/revoke/", key_views.key_revoke, name="key-revoke"),
]
