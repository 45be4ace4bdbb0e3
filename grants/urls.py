from django.urls import path

from grants.views import grants

app_name = "grants"
urlpatterns = [
    path("", grants.grant_list, name="list"),
    path("<str:ref>/", grants.grant_detail, name="detail"),
]
