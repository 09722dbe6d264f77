from django.urls import path

from plans.views import reading, sending, writing

app_name = "plans"

writing_urls = [
    path("zespoly/<int:pk>/plan/", writing.start, name="start"),
    path("plany/<int:pk>/sekcje/<slug:key>/", writing.section, name="section"),
    path("plany/<int:pk>/zalaczniki/", writing.evidence_add, name="evidence_add"),
]
reading_urls = [
    path("plany/", reading.plans, name="list"),
    path("plany/<int:pk>/", reading.plan, name="plan"),
    path("plany/<int:pk>/wersje/<int:number>/", reading.version, name="version"),
    path("plany/<int:pk>/wersje/<int:number>/porownanie/", reading.comparison, name="comparison"),
    path("plany/<int:pk>/wersje/<int:number>/plan.pdf", reading.document, name="document"),
    path(
        "plany/<int:pk>/wersje/<int:number>/zalaczniki/<uuid:uid>/",
        reading.evidence_file,
        name="evidence_file",
    ),
]
sending_urls = [
    path("plany/<int:pk>/czego-brakuje/", sending.problems, name="problems"),
    path("plany/<int:pk>/publikacja/", sending.publish, name="publish"),
    path("plany/<int:pk>/wersje/<int:number>/ruch/<slug:move>/", sending.move, name="move"),
]
reviewing_urls = []
deciding_urls = []
public_urls = []

urlpatterns = [
    *writing_urls,
    *reading_urls,
    *sending_urls,
    *reviewing_urls,
    *deciding_urls,
    *public_urls,
]
