from django.urls import path

from jst.views import caretakers, conflicts, experts, invitations, programme, teams

app_name = "jst"
urlpatterns = [
    path("program/", programme.programme, name="programme"),
    path("edycje/", programme.edition_list, name="editions"),
    path("edycje/<slug:slug>/", programme.edition, name="edition"),
    path("edycje/<slug:slug>/kopia/", programme.edition_copy, name="edition_copy"),
    path("edycje/<slug:slug>/zmiany/", programme.edition_changes, name="edition_changes"),
    path("edycje/<slug:slug>/<slug:code>/", programme.figure, name="figure"),
    path("edycje/<slug:slug>/<slug:code>/<slug:form>/", programme.figure_file, name="figure_file"),
    path("projekty/<int:pk>/znaki/", programme.logo_line, name="logo_line"),
    path("zespoly/", teams.team_list, name="teams"),
    path("zespoly/<int:pk>/", teams.team, name="team"),
    path("zespoly/<int:pk>/zaproszenia/nowe/", teams.invite, name="invite"),
    path("zespoly/<int:pk>/osoby/<int:membership>/koniec/", teams.membership_end, name="membership_end"),
    path("zespoly/<int:pk>/osoby/<int:membership>/prawa/", teams.membership_rights, name="membership_rights"),
    path("zespoly/<int:pk>/opieka/<slug:what>/", caretakers.care, name="care"),
    path("opiekunowie/<slug:slug>/", caretakers.caretakers, name="caretakers"),
    path("eksperci/", experts.expert_list, name="experts"),
    path("eksperci/<int:pk>/", experts.expert_detail, name="expert"),
    path("eksperci/<int:pk>/zmiana/", experts.expert_describe, name="expert_describe"),
    path("moje-jednostki/", experts.own_units, name="own_units"),
    path("moje-konflikty/", conflicts.conflicts, name="conflicts"),
    path("moje-konflikty/<slug:slug>/", conflicts.state_conflicts, name="conflicts_state"),
    path("zaproszenia/<int:pk>/<slug:move>/", teams.invitation_move, name="invitation_move"),
    path("zaproszenie/", invitations.invitation_accept, name="invitation_accept"),
    path("zaproszenie/<int:pk>/<slug:token>/", invitations.invitation_open, name="invitation_open"),
]
