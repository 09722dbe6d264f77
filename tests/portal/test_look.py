"""What every page has in common: its frame, its menu, its summary of mistakes, its colours."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.exceptions import PermissionDenied
from django.template import Context, Origin, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.views.defaults import permission_denied, server_error

from portal.memory import within_request
from portal.navigation import menu
from portal.templatetags import portal_ui
from tests.conftest import person_of

CSS = Path(project.BASE_DIR) / "static/css/portal.css"
PUBLIC = ["contact", "accessibility", "privacy", "account_login", "account_signup", "account_reset_password"]
ACCOUNT = ["desk", "mfa_index", "account_change_password", "account_email", "usersessions_list"]


class Page(HTMLParser):
    """The elements of a page in order: (name, attributes), and the text of its h1 and title."""

    def __init__(self, response):
        super().__init__()
        self.elements, self.texts, self.within = [], {}, []
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in {"h1", "title"}:
            self.within.append(tag)

    def handle_endtag(self, tag):
        if self.within and tag == self.within[-1]:
            self.within.pop()

    def handle_data(self, data):
        for tag in self.within:
            self.texts[tag] = self.texts.get(tag, "") + data

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def ids(self):
        return [attrs["id"] for _tag, attrs in self.elements if "id" in attrs]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_has_its_landmarks_and_nothing_inline(name, browse, db):
    page = Page(browse(None).get(reverse(name)))
    names = [tag for tag, _attrs in page.elements]
    assert page.all("html") == [{"lang": "pl"}]
    assert [names.count(tag) for tag in ("main", "header", "footer", "h1")] == [1, 1, 1, 1]
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    assert page.texts["title"].endswith(" – Portal JST")
    inline = {key for _tag, attrs in page.elements for key in attrs if key == "style" or key.startswith("on")}
    assert inline == set()


@pytest.mark.parametrize("name", ACCOUNT)
def test_a_page_of_the_account_has_the_same_frame(name, browse, cast):
    page = Page(browse(cast.author).get(reverse(name)))
    names = [tag for tag, _attrs in page.elements]
    assert [names.count(tag) for tag in ("main", "header", "footer", "h1")] == [1, 1, 1, 1]
    assert len(page.ids) == len(set(page.ids))


def test_a_public_page_asks_the_database_nothing(browse, db, django_assert_num_queries):
    client = browse(None)
    with django_assert_num_queries(0):
        assert client.get(reverse("contact")).status_code == 200


FOR_ORE = ["desk", "jst:programme", "jst:teams", "jst:experts", "jst:units", "jst:calls", "plans:list"]
MENUS = {
    "anonymous": ["jst:calls", "plans:library"],
    "reader": ["desk", "jst:team", "jst:calls", "plans:list", "plans:library"],
    "lead": ["desk", "jst:team", "jst:calls", "plans:list", "plans:library"],
    "former_member": ["desk", "jst:calls", "plans:library"],
    "reviewer": ["desk", "jst:calls", "plans:reviews", "plans:library"],
    "caretaker": ["desk", "jst:own_units", "jst:calls", "plans:list", "plans:reviews", "plans:library"],
    "coordinator": [*FOR_ORE, "plans:review_dashboard", "plans:decisions", "plans:library", "admin:index"],
    "administrator": [*FOR_ORE, "plans:review_dashboard", "plans:decisions", "plans:library", "admin:index"],
    "auditor": [*FOR_ORE, "plans:library", "admin:index"],
    "operator": [
        "desk",
        "jst:editions",
        "jst:teams",
        "jst:experts",
        "jst:units",
        "jst:calls",
        "plans:list",
        "plans:library",
    ],
}


@pytest.mark.parametrize("role", MENUS)
def test_the_menu_depends_on_the_person(role, cast, browse):
    page = Page(browse(person_of(cast, role)).get(reverse("contact")))
    start = [tag for tag, _attrs in page.elements].index("nav")
    stop = [tag for tag, _attrs in page.elements].index("main")
    links = [attrs["href"] for tag, attrs in page.elements[start:stop] if tag == "a"]
    addresses = {"jst:team": reverse("jst:team", args=[cast.participation.pk])}
    assert links == [addresses.get(name) or reverse(name) for name in MENUS[role]]


def test_the_menu_costs_one_query(cast, django_assert_num_queries):
    person = person_of(cast, "caretaker")
    with django_assert_num_queries(1):
        within_request(menu)(person)


def test_the_menu_marks_the_page_one_is_on(cast, browse):
    page = Page(browse(cast.reader).get(reverse("desk")))
    marked = [attrs["href"] for attrs in page.all("a") if attrs.get("aria-current") == "page"]
    assert marked == [reverse("desk")]


def test_signing_out_is_a_button_and_not_a_link(cast, browse):
    page = Page(browse(cast.reader).get(reverse("contact")))
    form = {"method": "post", "action": reverse("account_logout")}
    assert page.all("form") == [form]
    assert reverse("account_logout") not in [attrs.get("href") for attrs in page.all("a")]


def test_only_the_demonstration_says_so_and_offers_people(browse, db, settings):
    quiet = Page(browse(None).get(reverse("contact")))
    settings.DEMO = True
    loud = Page(browse(None).get(reverse("contact")))
    assert [attrs.get("action") for attrs in quiet.all("form")] == []
    assert [attrs.get("action") for attrs in loud.all("form")] == [reverse("demo_sign_in")]


def test_mistakes_are_summed_up_first_with_links_that_land(browse, db):
    response = browse(None).post(reverse("account_login"), {"login": "", "password": ""})
    page = Page(response)
    summary = [attrs for _tag, attrs in page.elements if attrs.get("class") == "error-summary"]
    links = [attrs["href"][1:] for attrs in page.all("a") if attrs["href"] in {"#id_login", "#id_password"}]
    assert page.texts["title"].startswith("Błąd: ")
    assert [attrs.get("role") for attrs in summary] == ["alert"]
    assert links == ["id_login", "id_password"]
    assert set(links) <= set(page.ids)
    described = {attrs.get("id"): attrs.get("aria-describedby") for attrs in page.all("input")}
    assert described["id_login"] == "id_login_error"
    assert "id_login_error" in page.ids


def test_somebody_without_the_right_reads_why(cast):
    request = RequestFactory().get("/plany/1/")
    request.user = cast.reader
    sentence = "Tę stronę widzi tylko zespół gminy, która napisała plan."
    response = permission_denied(request, PermissionDenied(sentence))
    assert response.status_code == 403
    assert response.content.decode().count(sentence) == 1


def test_a_failure_is_told_without_the_database(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert Page(response).texts["title"].endswith(" – Portal JST")


STATEMENT = [
    "a11y-deklaracja",
    "a11y-wstep",
    "a11y-podmiot",
    "a11y-url",
    "a11y-data-publikacja",
    "a11y-data-aktualizacja",
    "a11y-status",
    "a11y-zakres",
    "a11y-ocena",
    "a11y-data-sporzadzenie",
    "a11y-data-przeglad",
    "a11y-audytor",
    "a11y-kontakt",
    "a11y-osoba",
    "a11y-email",
    "a11y-telefon",
    "a11y-procedura",
    "a11y-architektura",
    "a11y-komunikacja",
    "a11y-aplikacje",
]


def test_the_accessibility_statement_has_the_parts_of_the_law_and_a_fresh_review(browse, db):
    page = Page(browse(None).get(reverse("accessibility")))
    times = {attrs["id"]: date.fromisoformat(attrs["datetime"]) for attrs in page.all("time")}
    assert [one for one in page.ids if one.startswith("a11y-")] == STATEMENT
    assert set(times) == {one for one in STATEMENT if one.startswith("a11y-data-")}
    assert date.today() - times["a11y-data-przeglad"] < timedelta(days=365)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        ("", ""),
        (0, "0\xa0zł"),
        ("124000", "124\xa0000\xa0zł"),
        ("12500.5", "12\xa0500,50\xa0zł"),
    ],
)
def test_a_sum_is_written_the_polish_way(value, shown):
    assert portal_ui.money(value) == shown


def test_a_day_is_written_in_words_and_for_machines():
    assert portal_ui.pl_date(date(2026, 11, 3)) == '<time datetime="2026-11-03">3 listopada 2026</time>'


def test_a_moment_that_never_was_is_not_taken_for_now():
    assert portal_ui.moment(None) == ""


def test_a_history_shows_what_happened_and_why():
    event = {"at": None, "sentence": "Jan <Kowalski> oddał plan.", "comment": "Brakuje:\n- celów"}
    html = render_to_string("_partials/history.html", {"events": [event]})
    assert html.count("Jan &lt;Kowalski&gt; oddał plan.") == 1
    assert html.count("<ul><li>celów</li></ul>") == 1


# --- Colours ---------------------------------------------------------------------------------------

TEXT_ON = {
    "ink": ["paper", "surface", "sunken", "accent-tint", "good-tint", "warn-tint", "bad-tint"],
    "soft": ["paper", "surface", "sunken"],
    "accent": ["paper", "surface", "sunken", "accent-tint"],
    "accent-deep": ["paper", "surface", "accent-tint"],
    "on-accent": ["accent", "accent-deep"],
    "good": ["good-tint"],
    "warn": ["warn-tint"],
    "bad": ["paper", "surface", "bad-tint"],
}


def schemes():
    """Return the colours of the stylesheet: first the light ones, then the dark ones."""
    blocks = re.findall(r":root \{(.*?)\}", CSS.read_text(), re.DOTALL)[:2]
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", block)) for block in blocks]


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_stands_out_and_every_control_has_a_visible_edge(scheme):
    colours = schemes()[scheme]
    weak_texts = [
        (text, ground)
        for text, grounds in TEXT_ON.items()
        for ground in grounds
        if contrast(colours[text], colours[ground]) < 4.5
    ]
    weak_edges = [g for g in ("paper", "surface", "sunken") if contrast(colours["edge"], colours[g]) < 3]
    assert (weak_texts, weak_edges) == ([], [])


def test_the_stylesheet_stays_small():
    assert CSS.stat().st_size <= 20 * 1024


ALLAUTH = """{% load allauth %}{% element form id="whole" method="post" %}{% slot body %}
{% element field id="id_code" name="code" type="text" %}{% slot label %}Kod{% endslot %}{% endelement %}
{% element button id="send" type="submit" %}Wyślij{% endelement %}{% endslot %}{% endelement %}"""


def test_elements_of_allauth_keep_their_names_and_a_label_names_its_control():
    origin = Origin("page.html", template_name="page.html")

    page = Template(ALLAUTH, origin=origin).render(Context())

    assert re.findall(r'(?:id|for)="([^"]*)"', page) == ["whole", "id_code", "id_code", "send"]
