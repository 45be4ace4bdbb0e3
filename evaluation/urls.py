from django.urls import path

from evaluation.addresses import forms, numbers, reading, signing, starting, writing
from evaluation.views import figures, results, statements

app_name = "evaluation"

urlpatterns = [
    path("results/", results.results, name="results"),
    path("results/logic-model/", results.logic_model, name="logic-model"),
    path("figures/", figures.figure_list, name="figures"),
    path("figures/trace/", figures.figure_detail, name="figure"),
    path("statements/", statements.statement_list, name="statements"),
    path("data-issues/", statements.issue_list, name="issues"),
    path("data-issues/check/", statements.issue_check, name="issue-check"),
    path("data-issues/<int:pk>/accept/", statements.issue_accept, name="issue-accept"),
    *starting.urlpatterns,
    *writing.urlpatterns,
    *numbers.urlpatterns,
    *signing.urlpatterns,
    *reading.urlpatterns,
    *forms.urlpatterns,
]
