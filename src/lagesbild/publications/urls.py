"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.publications.views import editions, writing

app_name = "publications"
EDITION = "yearly/<int:pk>/editions/<int:number>"
urlpatterns: list[URLPattern | URLResolver] = [
    path("yearly/", writing.reports, name="reports"),
    path("yearly/new/", writing.report_new, name="report_new"),
    path("yearly/<int:pk>/", writing.report, name="report"),
    path("yearly/<int:pk>/numbers/", writing.report_numbers, name="report_numbers"),
    path("yearly/<int:pk>/publish/", writing.report_publish, name="report_publish"),
    path("yearly/<int:pk>/draft.pdf", writing.report_pdf, name="report_pdf"),
    path("yearly/<int:pk>/draft.docx", writing.report_docx, name="report_docx"),
    path("yearly/<int:pk>/sections/<slug:code>/", writing.section, name="section"),
    path(f"{EDITION}/", editions.edition, name="edition"),
    path(f"{EDITION}/numbers.csv", editions.edition_numbers, name="edition_numbers"),
    path(f"{EDITION}/changes/", editions.edition_changes, name="edition_changes"),
    path(f"{EDITION}.pdf", editions.edition_pdf, name="edition_pdf"),
    path(f"{EDITION}.docx", editions.edition_docx, name="edition_docx"),
]
