"""Units that take part, the people of their teams and the schools they take on."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jst.permissions import is_ore_staff
from portal.models import Process, ProcessQuerySet

from .dated import Dated, DatedQuerySet, today
from .experts import ExpertAssignment
from .programme import Edition
from .register import Jst
from .schools import School


class ParticipationQuerySet(ProcessQuerySet):
    def on(self, day):
        """The participations that hold on `day`; the day on which one ended is the first without it."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def of_team(self, user, day=None):
        """The participations in whose team `user` is on `day` (today)."""
        mine = TeamMembership.objects.on(day or today()).filter(participation=OuterRef("pk"), person=user)
        return self.filter(Exists(mine))

    def of_caretaker(self, user, day=None):
        """The participations whose caretaker, or caretaker's deputy, `user` is on `day` (today)."""
        assigned = ExpertAssignment.objects.on(day or today()).filter(
            participation=OuterRef("pk"), expert__person=user, role__in=ExpertAssignment.CARING
        )
        return self.filter(Exists(assigned))

    def of_operator(self, user, day=None):
        """The participations in the editions run by an operator for which `user` works on `day` (today)."""
        return self.filter(edition__in=Edition.objects.of_operator(user, day))

    def near(self, user, day=None):
        """The participations whose team, caretaker or operator this person is or works for."""
        return self.of_team(user, day) | self.of_caretaker(user, day) | self.of_operator(user, day)

    def visible_to(self, user):
        """Teams see their own, caretakers and operators theirs, ORE staff all; others nothing."""
        if not user.is_authenticated:
            return self.none()
        return self if is_ore_staff(user) else self.near(user)

    def for_list(self):
        return self.select_related("jst", "edition")

    def without_lead(self):
        """The units at work whose team has no lead today and nobody invited to lead it."""
        leads = TeamMembership.objects.lasting().filter(participation=OuterRef("pk"), is_lead=True)
        invited = Invitation.objects.filter(
            participation=OuterRef("pk"), is_lead=True, status=Invitation.Status.INVITED
        )
        return self.filter(~Exists(leads), ~Exists(invited), status=Participation.Status.IN_PROGRESS)

    def without_caretaker(self):
        """The units that take part and whom no expert cares for today."""
        cared_for = ExpertAssignment.objects.on(today()).filter(
            participation=OuterRef("pk"), role=ExpertAssignment.Role.CARETAKER
        )
        return self.filter(~Exists(cared_for), status__in=Participation.OPEN)


class Participation(Process):
    """One unit in one edition. Which team sees what follows from this row, not from the unit."""

    class Status(models.TextChoices):
        QUALIFIED = "qualified", _("qualified")
        IN_PROGRESS = "in_progress", _("in progress")
        COMPLETED = "completed", _("completed")
        WITHDREW = "withdrew", _("withdrew")
        EXCLUDED = "excluded", _("excluded")

    OPEN = frozenset({Status.QUALIFIED, Status.IN_PROGRESS})

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="participations", verbose_name=_("edition")
    )
    jst = models.ForeignKey(
        Jst, on_delete=models.PROTECT, related_name="participations", verbose_name=_("local government")
    )
    since = models.DateField(_("from"), default=today)
    until = models.DateField(_("to"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.QUALIFIED, editable=False
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["edition", "jst__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "jst"], name="participation_once_per_edition"),
            models.CheckConstraint(
                condition=Q(status__in=["qualified", "in_progress", "completed", "withdrew", "excluded"]),
                name="participation_status_known",
            ),
        ]

    def __str__(self):
        return f"{self.jst.full_name}: {self.edition.name}"

    def get_absolute_url(self):
        return reverse("jst:team", args=[self.pk])

    def is_open(self):
        """Whether the team may still work: every move and save needs this."""
        return self.status == self.Status.IN_PROGRESS


class TeamMembership(Dated):
    """One person in one team from one day to another. Everybody in a team may read."""

    class RoleKind(models.TextChoices):
        MANAGERIAL = "managerial", _("managerial")
        OPERATIONAL = "operational", _("operational")
        DIRECTOR = "director", _("school head")

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("participation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
    )
    function = models.CharField(_("function in the office"), max_length=150, blank=True)
    role_kind = models.CharField(_("kind of role"), max_length=12, choices=RoleKind.choices, blank=True)
    is_lead = models.BooleanField(_("leads the team"), default=False)
    is_author = models.BooleanField(_("writes the plan"), default=False)
    is_signatory = models.BooleanField(_("signs the plan"), default=False)

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        verbose_name = _("team membership")
        verbose_name_plural = _("team memberships")
        ordering = ["-is_lead", "person__last_name", "person__first_name", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["participation", "person"], condition=Q(until=None), name="membership_open_once"
            ),
        ]

    def __str__(self):
        return f"{self.person} ({self.participation})"

    @property
    def rights(self):
        """Names of the rights, for people: what this member may do beyond reading."""
        names = {
            "is_lead": _("lead"),
            "is_author": _("author"),
            "is_signatory": _("signatory"),
        }
        # Real strings: the filter `join` gives up on lazy ones where nothing is escaped, as in letters.
        return [str(name) for field, name in names.items() if getattr(self, field)] or [str(_("reader"))]


class InvitationQuerySet(ProcessQuerySet):
    def open(self):
        return self.filter(status=Invitation.Status.INVITED, expires_at__gt=timezone.now())

    def visible_to(self, user):
        return self.filter(participation__in=Participation.objects.visible_to(user))


class OldLead(models.TextChoices):
    """What a lead becomes when another takes over."""

    AUTHOR = "author", _("stays in the team and writes the plan")
    READER = "reader", _("stays in the team and reads")
    LEAVES = "leaves", _("leaves the team")


def in_seven_days():
    return timezone.now() + timedelta(days=7)


class Invitation(Process):
    """An open place in a team for one address. The link in the letter is worth nothing once used.

    The link's secret is not stored: it is computed from `nonce` and the portal's key (`jst.invitations`).
    """

    class Status(models.TextChoices):
        INVITED = "invited", _("invited")
        ACCEPTED = "accepted", pgettext_lazy("invitation", "accepted")
        REVOKED = "revoked", _("revoked")

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("participation")
    )
    email = models.EmailField(_("e-mail"))
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    function = models.CharField(_("function in the office"), max_length=150, blank=True)
    role_kind = models.CharField(
        _("kind of role"), max_length=12, choices=TeamMembership.RoleKind.choices, blank=True
    )
    is_lead = models.BooleanField(_("leads the team"), default=False)
    is_author = models.BooleanField(_("writes the plan"), default=False)
    is_signatory = models.BooleanField(_("signs the plan"), default=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("person who invites"),
    )
    since = models.DateField(_("in the team from"), null=True, blank=True, editable=False)
    until = models.DateField(_("in the team to"), null=True, blank=True, editable=False)
    # Where the invited person takes the lead over: from whom (from every lead, where the office named the
    # person), and what the lead before becomes on that day.
    succeeds = models.ForeignKey(
        TeamMembership, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    then_old_lead = models.CharField(
        _("the lead before"), max_length=12, choices=OldLead.choices, blank=True, editable=False
    )
    nonce = models.CharField(max_length=43, editable=False)
    expires_at = models.DateTimeField(_("the link works until"), default=in_seven_days, editable=False)
    letters = models.PositiveSmallIntegerField(_("letters sent"), default=1, editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.INVITED, editable=False
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "participation", Lower("email"), condition=Q(status="invited"), name="invitation_open_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["invited", "accepted", "revoked"]), name="invitation_status_known"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gt=F("since")),
                name="invitation_dates_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.email} ({self.participation})"

    rights = TeamMembership.rights

    @property
    def is_expired(self):
        return self.expires_at <= timezone.now()

    @property
    def inviter(self):
        """Who invites, in words: a person, or the office by its official mailbox."""
        return _("the office, by its official mailbox") if self.is_nominated else self.invited_by

    @property
    def is_nominated(self):
        return bool(self.then_old_lead) and self.succeeds_id is None


class SchoolScope(Dated):
    """A school that the unit takes on, from one day to another: declared at entry, changed later."""

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="school_scopes", verbose_name=_("participation")
    )
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="scopes", verbose_name=_("school")
    )

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        verbose_name = _("school in scope")
        verbose_name_plural = _("schools in scope")
        ordering = ["participation", "school__sort_key"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["participation", "school"], condition=Q(until=None), name="school_scope_open_once"
            ),
        ]

    def __str__(self):
        return str(self.school)
