"""Addresses of beginning a report, its page, making editions, copying last year's, case studies."""

from __future__ import annotations

from django.urls import URLPattern, path

from evaluation.views.starting import begin, case_studies, copying, drafts, figures, lists, making, page

urlpatterns: list[URLPattern] = [
    path("reports/", lists.report_list, name="reports"),
    path("reports/begin/", begin.report_begin, name="report-begin"),
    path("reports/jobs/<int:pk>/", making.report_job, name="report-job"),
    path("reports/jobs/<int:pk>/cancel/", making.report_job_change, {"change": "cancel"}, name="report-job-cancel"),
    path("reports/jobs/<int:pk>/retry/", making.report_job_change, {"change": "retry"}, name="report-job-retry"),
    path("case-studies/", case_studies.case_study_list, name="case-studies"),
    path("case-studies/take/<int:revision>/", case_studies.case_study_take, name="case-study-take"),
    path("case-studies/<slug:ref>/", case_studies.case_study, name="case-study"),
    path("case-studies/<slug:ref>/withdraw/", case_studies.case_study_withdraw, name="case-study-withdraw"),
    path("reports/<int:pk>/", page.report_page, name="report-page"),
    path("reports/<int:pk>/numbers-left/", page.report_numbers_left, name="report-numbers-left"),
    path("reports/<int:pk>/make/", making.report_make, name="report-make"),
    path("reports/<int:pk>/schedule/", drafts.schedule, name="report-schedule"),
    path("reports/<int:pk>/schedule/stop/", drafts.schedule_stop, name="report-schedule-stop"),
    path("reports/<int:pk>/copy/", copying.report_copy, name="report-copy"),
    path("reports/<int:pk>/figures/", figures.report_figures, name="report-figures"),
    path("reports/<int:pk>/suggestions/", figures.report_suggestions, name="report-suggestions"),
    path("reports/<int:pk>/insert/", figures.report_insert, name="report-insert"),
    path("reports/<int:pk>/out-of-date/", page.report_outdated, name="report-outdated"),
    path("reports/<int:pk>/out-of-date/<slug:slug>/", page.section_gone_over, name="section-gone-over"),
]
