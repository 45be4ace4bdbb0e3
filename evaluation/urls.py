from django.urls import path, register_converter

from evaluation.addresses import forms, making, numbers, reading, signing, starting, writing
from evaluation.models import EditionFile
from evaluation.views import figures, reports, results, statements

app_name = "evaluation"


class FileKind:
    """One of the kinds of file an edition has; anything else is no address."""

    regex = "|".join(EditionFile.Kind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(FileKind, "file_kind")

urlpatterns = [
    path("results/", results.results, name="results"),
    path("results/logic-model/", results.logic_model, name="logic-model"),
    path("figures/", figures.figure_list, name="figures"),
    path("figures/trace/", figures.figure_detail, name="figure"),
    path("statements/", statements.statement_list, name="statements"),
    path("data-issues/", statements.issue_list, name="issues"),
    path("data-issues/check/", statements.issue_check, name="issue-check"),
    path("data-issues/<int:pk>/accept/", statements.issue_accept, name="issue-accept"),
    path("reports/editions/<int:pk>/", reports.report_detail, name="report"),
    path("reports/editions/<int:pk>/files/<file_kind:kind>/", reports.report_file, name="report-file"),
    *starting.urlpatterns,
    *writing.urlpatterns,
    *numbers.urlpatterns,
    *signing.urlpatterns,
    *reading.urlpatterns,
    *forms.urlpatterns,
    *making.urlpatterns,
]
