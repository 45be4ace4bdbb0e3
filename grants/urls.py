from django.urls import include, path

from grants.views import open_data, setup
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>

app_name = "grants"
urlpatterns = [
    path("", include("grants.list_urls")),
    path("", include("grants.award_urls")),
    path("open-data.json", open_data.open_data, {"kind": "json"}, name="open-data-json"),
    path("open-data.csv", open_data.open_data, {"kind": "csv"}, name="open-data-csv"),
    path("<ref:ref>/returns/", setup.returns_setup, name="returns-setup"),
    path("<ref:ref>/returns/plan/", setup.returns_plan, name="returns-plan"),
    path("<ref:ref>/returns/add/", setup.return_add, name="return-add"),
    path("<ref:ref>/returns/<str:quarter>/take-out/", setup.return_remove, name="return-remove"),
    path("<ref:ref>/returns/change/<slug:part>/", setup.setup_part, name="returns-setup-part"),
    path("<ref:ref>/milestones/add/", setup.milestone_add, name="milestone-add"),
    path("<ref:ref>/milestones/<int:number>/", setup.milestone_edit, name="milestone"),
    path("<ref:ref>/milestones/<int:number>/take-out/", setup.milestone_remove, name="milestone-remove"),
]
