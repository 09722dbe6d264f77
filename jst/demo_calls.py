"""The calls of the demonstration: the one that filled the current edition, closed, and one that is open.

The closed call has applications in every state, the unit of the people one may sign in as among the accepted
ones; the open call is for a coming edition, so that its public page can be tried. Questions and criteria are
samples and say so.
"""

from jst import applications, deciding, offers
from jst.demo_people import FUNCTIONS
from jst.demo_units import LEAD, moment, weekday
from jst.models import (
    Application,
    ApplicationDecision,
    ApplicationPerson,
    ApplicationSchool,
    Call,
    Edition,
    EligibilityQuestion,
    Jst,
    JstEvent,
    Quota,
    ScoringCriterion,
)
from jst.workflow import APPLICATION
from portal.models import User
from portal.models.event import record

ABOUT = (
    "Zapraszamy gminy i powiaty, które chcą opracować lokalny plan rozwoju oświaty i objąć swoje szkoły "
    "procesowym wspomaganiem.\n\nZespół samorządu pracuje przez rok z ekspertem opiekunem: bierze udział "
    "w zjazdach, prowadzi diagnozę, organizuje debatę oświatową i pisze plan."
)
QUESTIONS = (
    (
        "Czy Twój samorząd jest gminą, powiatem albo miastem na prawach powiatu?",
        True,
        "Wniosek wysyła gmina, powiat albo miasto na prawach powiatu. Szkoła lub stowarzyszenie nie może.",
    ),
    (
        "Czy samorząd prowadzi co najmniej jedną szkołę lub przedszkole?",
        True,
        "Wspomaganie obejmuje szkoły prowadzone przez samorząd, więc potrzebna jest co najmniej jedna.",
    ),
    (
        "Czy wójt, burmistrz, prezydent lub zarząd powiatu zgadza się na udział?",
        True,
        "Bez zgody organu wykonawczego nie wysyłaj wniosku: to ten organ przyjmie później plan.",
    ),
    (
        "Czy co najmniej dwie osoby z urzędu lub ze szkół mogą brać udział w zjazdach?",
        True,
        "Zespół liczy co najmniej dwie osoby, bo plan powstaje wspólnie.",
    ),
    (
        "Czy samorząd bierze już udział w innej edycji tego programu?",
        False,
        "Samorząd może brać udział tylko w jednej edycji w tym samym czasie.",
    ),
)
CRITERIA = (
    ("Potrzeby szkół", "Z uzasadnienia wynika, co wymaga zmiany i skąd to wiadomo.", 10),
    ("Zespół", "Role w zespole są podzielone, jest w nim ktoś, kto podejmuje decyzje.", 8),
    ("Zasięg", "Udział zadeklarowanych szkół wśród wszystkich szkół samorządu.", 7),
    ("Trwałość", "Wniosek mówi, co zostanie po zakończeniu udziału.", 5),
)
REASONS = (
    "Wyniki egzaminu z matematyki od trzech lat są niższe niż w powiecie, a nauczyciele pracują osobno. "
    "Chcemy wspólnie z dyrektorami ustalić, jakiego wsparcia potrzebuje każda szkoła.",
    "Mamy małe szkoły, w których jeden nauczyciel uczy kilku przedmiotów. Potrzebujemy planu, który połączy "
    "je w sieć i pozwoli dzielić się pracą.",
    "W ostatnich latach przybyło uczniów z doświadczeniem migracji. Chcemy przygotować szkoły i poradnię, "
    "żeby żadne dziecko nie zostało bez pomocy.",
    "Rada przyjęła strategię rozwoju, w której oświata jest priorytetem. Brakuje planu, kto, kiedy i za co "
    "ma ją wykonać.",
)
DECISIONS = {
    "accept": "Wniosek otrzymał punkty, które dają miejsce w edycji.",
    "reserve": "Wniosek spełnia warunki. Liczba punktów daje miejsce na liście rezerwowej.",
    "refuse": "Z uzasadnienia nie wynika, jakich szkół dotyczy wsparcie i co ma się zmienić.",
}
# Beside the units of the edition, units of the pilot applied: what became of them, in order.
OTHERS = ("lapse", "offer", "reserve", "reserve", "reserve", "refuse", "withdraw")
CLOSED_SINCE = 205


def build(demo, units):
    """Build both calls; `units` are those of the current edition."""
    closed = closed_call(demo, units)
    for number, unit in enumerate(units):
        application = draft(demo, closed, unit.jst, number, people_of(unit))
        send(demo, application, number)
        judge(demo, application, number)
        accepted(demo, application, unit.participation)
    others = Jst.objects.exclude(kind=Jst.Kind.W).filter(schools__isnull=False).distinct()
    others = others.exclude(pk__in=[unit.jst.pk for unit in units]).order_by("code")[: len(OTHERS)]
    for number, (jst, fate) in enumerate(zip(others, OTHERS, strict=False), start=len(units)):
        application = draft(demo, closed, jst, number, invented(demo, jst))
        send(demo, application, number)
        let_happen(demo, application, number, fate)
    open_call(demo)


# --- Calls --------------------------------------------------------------------------------------


def closed_call(demo, units):
    edition = units[0].participation.edition
    call = Call.objects.create(
        edition=edition,
        title=f"Nabór samorządów do edycji {demo.day.year}",
        slug=f"nabor-{demo.day.year}",
        about=ABOUT,
        opens=demo.at(CLOSED_SINCE + 40, 8),
        closes=demo.at(CLOSED_SINCE, 15, 30),
        # One more than there are units, which is on offer.
        places=len(units) + 1,
        people_min=2,
        is_published=True,
    )
    write_terms(call, limits={"GW": 6, "GMW": 5, "P": 3})
    return call


def open_call(demo):
    """A call that stays open for weeks, for an edition of next year."""
    year = demo.day.year + 1
    project = Edition.objects.get(slug=f"edycja-{demo.day.year}").project
    edition = Edition.objects.create(
        project=project,
        name=f"Edycja {year}",
        slug=f"edycja-{year}",
        kind=Edition.Kind.COMPETITION,
        since=demo.date(-120),
        until=demo.date(-490),
        team_min=2,
        team_max=5,
    )
    call = Call.objects.create(
        edition=edition,
        title=f"Nabór samorządów do edycji {year}",
        slug=f"nabor-{year}",
        about=ABOUT,
        opens=demo.at(10, 8),
        closes=demo.at(-25, 15, 30),
        places=20,
        schools_max=30,
        is_published=True,
    )
    write_terms(call, limits={"GW": 8, "GM": 4, "GMW": 5, "P": 3})
    begun = {"created_at": demo.at(1), "contact_email": demo.people["former_member"].email}
    unit = Jst.objects.filter(kind=Jst.Kind.GM).order_by("code").last()
    Application.objects.create(call=call, applicant=demo.people["former_member"], jst=unit, **begun)


def write_terms(call, limits):
    for position, (text, expects_yes, consequence) in enumerate(QUESTIONS, start=1):
        EligibilityQuestion.objects.create(
            call=call, position=position, text=text, expects_yes=expects_yes, consequence=consequence
        )
    for position, (label, description, most) in enumerate(CRITERIA, start=1):
        ScoringCriterion.objects.create(
            call=call, position=position, label=label, description=description, max_points=most
        )
    for kind, limit in limits.items():
        Quota.objects.create(call=call, kind=kind, limit=limit)
    for code in ("14", "24", "30"):
        Quota.objects.create(call=call, voivodeship=Jst.objects.get(code=code), limit=3)


# --- Applications -------------------------------------------------------------------------------


def draft(demo, call, jst, number, people):
    """Fill an application in; the first of its people is the applicant."""
    applicant = people[0]["account"]
    application = Application.objects.create(
        call=call,
        applicant=applicant,
        jst=jst,
        contact_name=str(applicant),
        contact_function=people[0]["function"],
        contact_email=applicant.email,
        reasons=REASONS[number % len(REASONS)],
        statement=True,
        created_at=demo.at(CLOSED_SINCE + 20, 9),
    )
    schools = demo.made["schools"].get(jst.code) or list(jst.schools.all())
    declared = schools[: max(3, len(schools) * 3 // 4)]
    ApplicationSchool.objects.bulk_create(
        ApplicationSchool(application=application, school=school) for school in declared
    )
    ApplicationPerson.objects.bulk_create(
        ApplicationPerson(
            application=application,
            position=place,
            **{name: value for name, value in person.items() if name != "account"},
        )
        for place, person in enumerate(people, start=1)
    )
    return application


def people_of(unit):
    """The team as it was at the beginning, its lead of today first: the lead sent the application."""
    members = list(unit.participation.memberships.select_related("person").order_by("since", "pk")[:4])
    members.sort(key=lambda row: row.person != unit.people["lead"])
    return [declared(row.person, row.function, row.role_kind, row) for row in members]


def invented(demo, jst):
    """Two people of a unit that does not take part."""
    made = [demo.made["people"].person(jst.name, demo.at(CLOSED_SINCE + 30)) for _number in range(2)]
    functions = FUNCTIONS[jst.kind]
    people = [declared(person, *functions[place]) for place, person in enumerate(made)]
    people[0] |= dict.fromkeys(LEAD, True)
    return people


def declared(person, function, role_kind, rights=None):
    return {
        "account": person,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "function": function,
        "role_kind": role_kind,
        "is_lead": bool(rights and rights.is_lead),
        "is_author": bool(rights and rights.is_author),
        "is_signatory": bool(rights and rights.is_signatory),
    }


def send(demo, application, number):
    """Many come on the last day, as in life."""
    at = demo.at(CLOSED_SINCE + (number * 7 % 15 if number % 3 else 0), 8 + number % 7, number * 11 % 60)
    demo.later(at, applications.send, application, by=application.applicant)


def score(application, *, number, by, at):
    given = {
        # Each later application has one point less: the list stands in this order.
        criterion: (max(1, criterion.max_points - (number + place) // 4), "Uzasadnienie oceny w karcie.")
        for place, criterion in enumerate(application.call.criteria.all())
    }
    deciding.score(application, given, by=by, at=at)


def judge(demo, application, number):
    by = demo.people["coordinator"]
    demo.later(demo.at(CLOSED_SINCE - 5, 9, number), score, application, number=number, by=by)


def accepted(demo, application, participation):
    """Tell that a unit was accepted whose participation the demo has made already, with its own history."""
    day = weekday(demo.date(191))
    demo.later(moment(day, 12), admit_known, application, participation, by=demo.people["coordinator"])


def admit_known(application, participation, *, by, at):
    ApplicationDecision.objects.create(
        application=application,
        outcome=ApplicationDecision.Outcome.ACCEPT,
        reason=DECISIONS["accept"],
        prepared_by=by,
        prepared_at=at,
        released_at=at,
    )
    application.status, application.participation, application.changed_at = "accepted", participation, at
    application.save(update_fields=["status", "participation", "changed_at"])
    # Written without its reactions: the unit is in the edition.
    about = JstEvent(application=application, call_id=application.call_id, participation=participation)
    kind = APPLICATION.kind("accept")
    record(kind, by=by, about=about, old="sent", new="accepted", comment=DECISIONS["accept"], at=at)


def let_happen(demo, application, number, fate):
    """Decide about an application of another unit, and let follow what follows."""
    by, applicant = demo.people["coordinator"], application.applicant
    judge(demo, application, number)
    if fate == "withdraw":
        at = demo.at(CLOSED_SINCE - 8)
        demo.later(
            at, APPLICATION.perform, application, "withdraw", by=applicant, comment="Zmiana planów rady."
        )
        return
    outcome = "refuse" if fate == "refuse" else "reserve"
    demo.later(demo.at(CLOSED_SINCE - 14, 13, number), decide, application, outcome=outcome, by=by)
    if fate == "lapse":
        demo.later(demo.at(30), offers.offer_next, application.call, to=application.pk, by=by)
        demo.later(demo.at(25, 10, 1), lapse, application)
    if fate == "offer":
        demo.later(demo.at(2, 11), offers.offer_next, application.call, to=application.pk, by=by)


def decide(application, *, outcome, by, at):
    reason = DECISIONS[outcome]
    decision = deciding.prepare(application, outcome=outcome, reason=reason, by=by, at=at)
    deciding.release([decision], by=by, at=at)


def lapse(application, *, at):
    application.refresh_from_db()
    APPLICATION.perform(application, "lapse", by=User.objects.system(), at=at)
