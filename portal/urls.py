"""Every address of the portal; with `settings.py` the only file that names every app."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from plans.views import public
from portal.views import demo, health, pages, personal, sessions

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", public.home, name="home"),
    path("", include("plans.urls")),
    path("", include("jst.urls")),
    path("moje/", pages.desk, name="desk"),
    path("kontakt/", pages.contact, name="contact"),
    path("deklaracja-dostepnosci/", pages.accessibility, name="accessibility"),
    path("prywatnosc/", pages.privacy, name="privacy"),
    path("zdrowie/zyje", health.alive, name="alive"),
    path("zdrowie/gotowe", health.ready, name="ready"),
    path("demo/wejdz/", demo.sign_in, name="demo_sign_in"),
    path("konto/moje-dane/", personal.my_data, name="my_data"),
    path("konto/informacje/", personal.information, name="information"),
    path("konto/sesja/", sessions.session_end, name="account_session"),
    path("konto/", include("allauth.urls")),
    # One way to change a password: the one with its limits and its letter.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
]

handler500 = "portal.outage.server_error"
handler429 = "portal.accounts.too_many_requests"
