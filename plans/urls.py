from django.urls import path

from plans.views import (
    adopting,
    assigning,
    borrowing,
    calibrating,
    deciding,
    describing,
    downloading,
    flagging,
    overseeing,
    prefilling,
    public,
    reading,
    remarking,
    reviewing,
    seconding,
    sending,
    teaming,
    transferring,
    upgrading,
    writing,
)
from plans.views import section_documents as documents

app_name = "plans"

writing_urls = [
    path("zespoly/<int:pk>/plan/", writing.start, name="start"),
    path("plany/<int:pk>/sekcje/<slug:key>/", writing.section, name="section"),
    path("plany/<int:pk>/sekcje/<slug:key>/wstaw/", prefilling.prefill, name="prefill"),
    path("plany/<int:pk>/zalaczniki/", writing.evidence_add, name="evidence_add"),
    path("plany/<int:pk>/tytul-zakres-lata/", describing.about, name="about"),
    path("plany/<int:pk>/wzor/", upgrading.form, name="form"),
]
bringing_urls = [
    path("plany/<int:pk>/wzor.xlsx", transferring.sheet_template, name="sheet_template"),
    path("plany/<int:pk>/wstaw/", transferring.bring, name="bring"),
    path("plany/<int:pk>/wstaw/<uuid:uid>/", transferring.preview, name="bring_preview"),
    path("plany/<int:pk>/sekcje/<slug:key>/sekcja.docx", documents.document, name="section_document"),
    path("plany/<int:pk>/sekcje/<slug:key>/dokument/", documents.bring, name="section_bring"),
    path("plany/<int:pk>/sekcje/<slug:key>/dokument/<uuid:uid>/", documents.preview, name="section_preview"),
    path("plany/<int:pk>/zapozycz/", borrowing.goals, name="borrow"),
    path("plany/<int:pk>/zapozycz/<int:source>/<uuid:uid>/", borrowing.goal, name="borrow_goal"),
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
    path("plany/<int:pk>/wersje/<int:number>/pliki/", downloading.files, name="files"),
    path("plany/<int:pk>/wersje/<int:number>/pliki/<slug:form>/", downloading.file, name="file"),
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
    path("recenzje/<int:pk>/nastepna/", reviewing.review_next, name="review_next"),
    path("recenzje/<int:pk>/druga-opinia/", seconding.second_opinion, name="second_opinion"),
    path("recenzje/<int:pk>/<slug:move>/", reviewing.review_move, name="review_move"),
    path("gotowe-uwagi/", remarking.phrases, name="phrases"),
    path("uwagi/<int:pk>/odpowiedz/", remarking.remark_answer, name="remark_answer"),
    path("uwagi/<int:pk>/zmien/", remarking.remark_edit, name="remark_edit"),
    path("uwagi/<int:pk>/usun/", remarking.remark_delete, name="remark_delete"),
    path("uwagi/<int:pk>/<slug:move>/", remarking.remark_move, name="remark_move"),
]
deciding_urls = [
    path("plany/<int:pk>/recenzenci/", deciding.reviewers, name="reviewers"),
    path("plany/<int:pk>/wersje/<int:number>/decyzja/", deciding.decision, name="decision"),
    path(
        "plany/<int:pk>/wersje/<int:number>/decyzja/pismo/", deciding.decision_report, name="decision_report"
    ),
    path("plany/<int:pk>/wersje/<int:number>/uwagi/", remarking.ore_remark_add, name="ore_remark_add"),
    path("decyzje/", deciding.decisions, name="decisions"),
]
overseeing_urls = [
    path("recenzje/wszystkie/", overseeing.review_dashboard, name="review_dashboard"),
    path("recenzje/<int:pk>/przypomnij/", overseeing.review_nudge, name="review_nudge"),
    path("recenzje/kalibracja/", calibrating.calibration_page, name="calibration"),
    path("recenzje/kalibracja/<slug:kind>/", calibrating.calibration_file, name="calibration_file"),
    path("plany/<int:pk>/odblokuj/", overseeing.unlock, name="unlock"),
    path("plany/<int:pk>/sprawy/", flagging.flag_raise, name="flag_raise"),
    path("sprawy/", flagging.flags, name="flags"),
    path("sprawy/<int:pk>/", flagging.flag, name="flag"),
]
assigning_urls = [
    path("recenzenci/<slug:slug>/", assigning.assign_by_load, name="assign_by_load"),
    path("recenzenci/<slug:slug>/plik/", assigning.assign_by_file, name="assign_by_file"),
]
adopting_urls = [
    path("plany/<int:pk>/wersje/<int:number>/przyjecie/", adopting.adoption, name="adoption"),
    path("plany/<int:pk>/wersje/<int:number>/przyjecie/skan/", adopting.adoption_scan, name="adoption_scan"),
    path("przyjecie-planow/", adopting.adoptions, name="adoptions"),
    path("przyjecie-planow/plik/<slug:kind>/", adopting.adoption_file, name="adoption_file"),
]
public_urls = [
    path("przyjete-plany/", public.library, name="library"),
    path("przyjete-plany/<int:pk>/", public.library_plan, name="library_plan"),
    path("przyjete-plany/<int:pk>/plan.pdf", public.library_document, name="library_document"),
]

urlpatterns = [
    *writing_urls,
    *bringing_urls,
    *team_urls,
    *reading_urls,
    *sending_urls,
    *overseeing_urls,
    *assigning_urls,
    *reviewing_urls,
    *deciding_urls,
    *adopting_urls,
    *public_urls,
]
