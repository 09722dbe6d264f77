from django.urls import path

from jst.views import invitations, register_pages, registers, teams, uploads

app_name = "jst"
urlpatterns = [
    path("osoby/", registers.person_list, name="people"),
    path("rejestry/", uploads.registers, name="registers"),
    path("rejestry/importy/<int:pk>/", uploads.register_import, name="register_import"),
    path("rejestry/importy/<int:pk>/<slug:what>/<slug:kind>/", uploads.import_file, name="import_file"),
    path("rejestry/pliki/<int:pk>/", uploads.upload, name="upload"),
    path("rejestry/pliki/<int:pk>/zastosuj/", uploads.upload_apply, name="upload_apply"),
    path("rejestry/pliki/<int:pk>/<slug:move>/", uploads.upload_move, name="upload_move"),
    path("rejestry/pliki/<int:pk>/<slug:what>/<slug:kind>/", uploads.upload_file, name="upload_file"),
    path("rejestry/pliki/nowy/", uploads.upload_new, name="upload_new"),
    path("samorzady/", registers.unit_list, name="units"),
    path("samorzady/<slug:code>/", register_pages.unit, name="unit"),
    path("samorzady/<slug:code>/popraw/<slug:field>/", register_pages.unit_correct, name="unit_correct"),
    path("samorzady/plik/<slug:kind>/", registers.unit_file, name="unit_file"),
    path("szkoly/", registers.school_list, name="schools"),
    path("szkoly/<slug:rspo>/", register_pages.school, name="school"),
    path("szkoly/<slug:rspo>/organ/", register_pages.school_authority, name="school_authority"),
    path("szkoly/<slug:rspo>/popraw/<slug:field>/", register_pages.school_correct, name="school_correct"),
    path("szkoly/plik/<slug:kind>/", registers.school_file, name="school_file"),
    path("zespoly/", teams.team_list, name="teams"),
    path("zespoly/<int:pk>/", teams.team, name="team"),
    path("zespoly/<int:pk>/zaproszenia/nowe/", teams.invite, name="invite"),
    path("zespoly/<int:pk>/osoby/<int:membership>/koniec/", teams.membership_end, name="membership_end"),
    path("zespoly/<int:pk>/osoby/<int:membership>/prawa/", teams.membership_rights, name="membership_rights"),
    path("zaproszenia/<int:pk>/<slug:move>/", teams.invitation_move, name="invitation_move"),
    path("zaproszenie/", invitations.invitation_accept, name="invitation_accept"),
    path("zaproszenie/<int:pk>/<slug:token>/", invitations.invitation_open, name="invitation_open"),
]
