from django.urls import path

from jst.views import application, applying, calls, invitations, recruitment, teams

app_name = "jst"
urlpatterns = [
    path("nabory/", calls.call_list, name="calls"),
    path("nabory/<slug:slug>/", calls.call, name="call"),
    path("nabory/<slug:slug>/decyzje/", recruitment.decision_release, name="decision_release"),
    path("nabory/<slug:slug>/rezerwa/", recruitment.reserve_next, name="reserve_next"),
    path("nabory/<slug:slug>/sprawdz/", calls.self_check, name="self_check"),
    path("nabory/<slug:slug>/wnioski/", recruitment.application_list, name="applications"),
    path("nabory/<slug:slug>/wnioski/<slug:form>/", recruitment.application_file, name="application_file"),
    path("nabory/<slug:slug>/zgloszenie/", applying.apply, name="apply"),
    path("zgloszenie/", applying.apply_enter, name="apply_enter"),
    path("zgloszenie/<slug:token>/", applying.apply_open, name="apply_open"),
    path("wnioski/<int:pk>/", application.application, name="application"),
    path("wnioski/<int:pk>/braki/", application.application_problems, name="application_problems"),
    path("wnioski/<int:pk>/czesci/<slug:key>/", application.part, name="application_part"),
    path("wnioski/<int:pk>/decyzja/", recruitment.application_decision, name="application_decision"),
    path("wnioski/<int:pk>/ocena/", recruitment.application_score, name="application_score"),
    path("wnioski/<int:pk>/oferta/", application.application_offer, name="application_offer"),
    path("wnioski/<int:pk>/wycofanie/", application.application_withdraw, name="application_withdraw"),
    path("wnioski/<int:pk>/wyslanie/", application.application_send, name="application_send"),
    path("zespoly/", teams.team_list, name="teams"),
    path("zespoly/<int:pk>/", teams.team, name="team"),
    path("zespoly/<int:pk>/zaproszenia/nowe/", teams.invite, name="invite"),
    path("zespoly/<int:pk>/osoby/<int:membership>/koniec/", teams.membership_end, name="membership_end"),
    path("zespoly/<int:pk>/osoby/<int:membership>/prawa/", teams.membership_rights, name="membership_rights"),
    path("zespoly/<int:pk>/koniec/<slug:way>/", recruitment.participation_end, name="participation_end"),
    path("zaproszenia/<int:pk>/<slug:move>/", teams.invitation_move, name="invitation_move"),
    path("zaproszenie/", invitations.invitation_accept, name="invitation_accept"),
    path("zaproszenie/<int:pk>/<slug:token>/", invitations.invitation_open, name="invitation_open"),
]
