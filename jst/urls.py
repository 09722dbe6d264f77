from django.urls import path

from jst.views import duplicates, invitations, participants, teams

app_name = "jst"
urlpatterns = [
    path("dane-uczestnikow/", participants.projects, name="participant_projects"),
    path("dane-uczestnikow/<int:pk>/", participants.people, name="participants"),
    path("dane-uczestnikow/<int:pk>/<int:person>/", participants.person, name="participant"),
    path("konto/dane-uczestnika/", participants.my_data, name="my_data"),
    path("konto/dane-uczestnika/<int:pk>/", participants.my_data_edit, name="my_data_edit"),
    path("osoby/duplikaty/", duplicates.queue, name="duplicates"),
    path("osoby/duplikaty/<int:first>/<int:second>/", duplicates.pair, name="duplicate"),
    path("zespoly/", teams.team_list, name="teams"),
    path("zespoly/<int:pk>/", teams.team, name="team"),
    path("zespoly/<int:pk>/zaproszenia/nowe/", teams.invite, name="invite"),
    path("zespoly/<int:pk>/osoby/<int:membership>/koniec/", teams.membership_end, name="membership_end"),
    path("zespoly/<int:pk>/osoby/<int:membership>/prawa/", teams.membership_rights, name="membership_rights"),
    path("zaproszenia/<int:pk>/<slug:move>/", teams.invitation_move, name="invitation_move"),
    path("zaproszenie/", invitations.invitation_accept, name="invitation_accept"),
    path("zaproszenie/<int:pk>/<slug:token>/", invitations.invitation_open, name="invitation_open"),
]
