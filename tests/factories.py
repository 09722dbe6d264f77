"""Objects for tests, made as plainly as possible; whole situations are in `conftest.py`."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from jst.models import (
    Application,
    ApplicationPerson,
    ApplicationSchool,
    Call,
    ConflictDeclaration,
    Edition,
    Expert,
    ExpertAssignment,
    Jst,
    Operator,
    OperatorStaff,
    Participation,
    Project,
    School,
    SchoolScope,
    TeamMembership,
)
from plans.models import EditionSetup, KeyCompetence
from plans.sample import load_sample
from portal.models import User

PASSWORD = "zielony rower nad jeziorem"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"osoba{number}@example.org")
    first_name = "Anna"
    last_name = factory.Sequence(lambda number: f"Nowak{number}")
    password = factory.django.Password(PASSWORD)


class JstFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Jst

    code = factory.Sequence(lambda number: f"{100000 + number:06d}")
    kind = Jst.Kind.GW
    name = factory.Sequence(lambda number: f"Gmina{number}")


class ProjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Project

    number = factory.Sequence(lambda number: f"POWR.02.10.00-00-{number:04d}/17")
    title = "Wsparcie kadry samorządowej"
    since = date(2026, 1, 1)
    until = date(2027, 12, 31)


class OperatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Operator

    name = factory.Sequence(lambda number: f"Fundacja Oświatowa nr {number}")


class OperatorStaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OperatorStaff

    operator = factory.SubFactory(OperatorFactory)
    person = factory.SubFactory(UserFactory)
    since = date(2026, 1, 1)


class EditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Edition

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda number: f"Edycja {number}")
    slug = factory.Sequence(lambda number: f"edycja-{number}")
    kind = Edition.Kind.COMPETITION
    since = date(2026, 1, 1)
    until = date(2027, 12, 31)


class EditionSetupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EditionSetup

    edition = factory.SubFactory(EditionFactory)
    template = factory.LazyFunction(lambda: load_sample()[0])
    criteria = factory.LazyFunction(lambda: load_sample()[1])
    competence_set = KeyCompetence.Set.POWER
    deadline = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class ParticipationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participation

    edition = factory.LazyFunction(lambda: EditionSetupFactory().edition)
    jst = factory.SubFactory(JstFactory)
    since = date(2026, 1, 1)
    status = Participation.Status.IN_PROGRESS


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamMembership

    participation = factory.SubFactory(ParticipationFactory)
    person = factory.SubFactory(UserFactory)
    since = date(2026, 1, 1)


class SchoolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = School

    rspo = factory.Sequence(lambda number: f"{500000 + number}")
    name = factory.Sequence(lambda number: f"Szkoła Podstawowa nr {number}")
    kind = "Szkoła podstawowa"
    authority = factory.SubFactory(JstFactory)


class SchoolScopeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SchoolScope

    participation = factory.SubFactory(ParticipationFactory)
    school = factory.SubFactory(SchoolFactory)
    since = date(2026, 1, 1)


class ExpertFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Expert

    person = factory.SubFactory(UserFactory)
    since = date(2026, 1, 1)


class AssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ExpertAssignment

    participation = factory.SubFactory(ParticipationFactory)
    expert = factory.SubFactory(ExpertFactory)
    role = ExpertAssignment.Role.CARETAKER
    since = date(2026, 1, 1)


class ConflictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ConflictDeclaration

    expert = factory.SubFactory(ExpertFactory)
    jst = factory.SubFactory(JstFactory)
    reason = "Była pracownica urzędu"


class CallFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Call

    edition = factory.SubFactory(EditionFactory)
    title = factory.Sequence(lambda number: f"Nabór {number}")
    slug = factory.Sequence(lambda number: f"nabor-{number}")
    opens = factory.LazyFunction(lambda: timezone.now() - timedelta(days=10))
    closes = factory.LazyFunction(lambda: timezone.now() + timedelta(days=10))
    places = 2
    is_published = True
    has_samples = False


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A complete draft: a unit with a school, two people, reasons, a contact person."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    call = factory.SubFactory(CallFactory)
    applicant = factory.SubFactory(UserFactory)
    jst = factory.SubFactory(JstFactory)
    contact_name = "Anna Nowak"
    contact_email = "kontakt@example.org"
    reasons = "Chcemy lepiej uczyć matematyki."
    statement = True

    @factory.post_generation
    def declared(self, create, extracted, **kwargs):
        if extracted is False:
            return
        school = SchoolFactory(authority=self.jst)
        ApplicationSchool.objects.create(application=self, school=school)
        for place in (1, 2):
            ApplicationPerson.objects.create(
                application=self,
                position=place,
                first_name="Ewa",
                last_name="Lis",
                email=f"osoba{place}-{self.pk}@urzad.example.org",
                role_kind="managerial",
                is_lead=place == 1,
                is_author=True,
            )
