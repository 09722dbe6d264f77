from django.urls import path

from plans.views import deciding, public, reading, remarking, reviewing, sending, teaming, writing

app_name = "plans"

writing_urls = [
    path("zespoly/<int:pk>/plan/", writing.start, name="start"),
    path("plany/<int:pk>/sekcje/<slug:key>/", writing.section, name="section"),
    path("plany/<int:pk>/zalaczniki/", writing.evidence_add, name="evidence_add"),
]
team_urls = [
    path("plany/<int:pk>/sekcje/<slug:key>/obecnosc/", teaming.presence, name="presence"),
    path("plany/<int:pk>/sekcje/<slug:key>/kto-pisze/", teaming.section_care, name="section_care"),
    path("plany/<int:pk>/sekcje/<slug:key>/dwa-teksty/", teaming.section_merge, name="section_merge"),
    path("plany/<int:pk>/komentarze/", teaming.comments, name="comments"),
    path("plany/<int:pk>/komentarze/<slug:key>/", teaming.comment_add, name="comment_add"),
    path("plany/<int:pk>/komentarze/<int:comment>/<slug:move>/", teaming.comment_move, name="comment_move"),
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
reviewing_urls = [
    path("recenzje/", reviewing.reviews, name="reviews"),
    path("recenzje/<int:pk>/", reviewing.review, name="review"),
    path("recenzje/<int:pk>/uwagi/", remarking.remark_add, name="remark_add"),
    path("recenzje/<int:pk>/<slug:move>/", reviewing.review_move, name="review_move"),
    path("uwagi/<int:pk>/odpowiedz/", remarking.remark_answer, name="remark_answer"),
    path("uwagi/<int:pk>/zmien/", remarking.remark_edit, name="remark_edit"),
    path("uwagi/<int:pk>/usun/", remarking.remark_delete, name="remark_delete"),
    path("uwagi/<int:pk>/<slug:move>/", remarking.remark_move, name="remark_move"),
]
deciding_urls = [
    path("plany/<int:pk>/recenzenci/", deciding.reviewers, name="reviewers"),
    path("plany/<int:pk>/wersje/<int:number>/decyzja/", deciding.decision, name="decision"),
    path("decyzje/", deciding.decisions, name="decisions"),
]
public_urls = [
    path("przyjete-plany/", public.library, name="library"),
    path("przyjete-plany/<int:pk>/", public.library_plan, name="library_plan"),
    path("przyjete-plany/<int:pk>/plan.pdf", public.library_document, name="library_document"),
]

urlpatterns = [
    *writing_urls,
    *team_urls,
    *reading_urls,
    *sending_urls,
    *reviewing_urls,
    *deciding_urls,
    *public_urls,
]
