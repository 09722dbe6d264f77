from django.urls import path

from jst.views import handover, invitations, joining, teams

app_name = "jst"
urlpatterns = [
    path("zespoly/", teams.team_list, name="teams"),
    path("zespoly/<int:pk>/", teams.team, name="team"),
    path("zespoly/<int:pk>/zaproszenia/nowe/", teams.invite, name="invite"),
    path("zespoly/<int:pk>/przekaz/", handover.hand_over, name="hand_over"),
    path("zespoly/<int:pk>/pakiet/", handover.handover_pack, name="handover_pack"),
    path("dolacz/", joining.join_find, name="join_find"),
    path("dolacz/wyslane/", joining.join_sent, name="join_sent"),
    path("dolacz/potwierdz/", joining.join_confirm, name="join_confirm"),
    path("dolacz/potwierdz/<int:pk>/<slug:token>/", joining.join_open, name="join_open"),
    path("dolacz/<int:pk>/", joining.join_ask, name="join_ask"),
    path("dolacz/<int:pk>/urzad/", handover.nominate, name="nominate"),
    path("prosby/<int:pk>/", joining.join_request, name="join_request"),
    path("urzad/", handover.nominate_name, name="nominate_name"),
    path("urzad/<int:pk>/cofnij/", handover.nomination_undo, name="nomination_undo"),
    path("urzad/<int:pk>/<slug:token>/", handover.nominate_open, name="nominate_open"),
    path("zespoly/<int:pk>/osoby/<int:membership>/koniec/", teams.membership_end, name="membership_end"),
    path("zespoly/<int:pk>/osoby/<int:membership>/prawa/", teams.membership_rights, name="membership_rights"),
    path("zaproszenia/<int:pk>/<slug:move>/", teams.invitation_move, name="invitation_move"),
    path("zaproszenie/", invitations.invitation_accept, name="invitation_accept"),
    path("zaproszenie/<int:pk>/<slug:token>/", invitations.invitation_open, name="invitation_open"),
]
