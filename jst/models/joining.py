"""People who ask to join a team, and offices that name a new lead through their official mailbox."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jst.permissions import is_coordinator
from portal.models import Process, ProcessQuerySet

from .dated import today
from .experts import ExpertAssignment
from .team import Invitation, Participation, TeamMembership, in_seven_days

# A working week, so that somebody ill or on a short leave still answers first.
DAYS_FOR_THE_LEAD = 7
DAYS_FOR_THE_CARETAKER = 7
# Whoever was not answered for so long has found another way or given up.
DAYS_UNTIL_LAPSE = 42


class JoinRequestQuerySet(ProcessQuerySet):
    def visible_to(self, user):
        """Requests whose sender has proved the address, to the teams that may be seen."""
        proven = self.exclude(status=JoinRequest.Status.UNPROVEN)
        return proven.filter(participation__in=Participation.objects.visible_to(user))

    def waiting(self):
        return self.filter(status=JoinRequest.Status.ASKED)

    def with_turns(self, day):
        """Mark each request with who is there on `day`: `has_lead`, `has_caretaker`."""
        leads = TeamMembership.objects.on(day).filter(participation=OuterRef("participation"), is_lead=True)
        carers = ExpertAssignment.objects.on(day).filter(
            participation=OuterRef("participation"), role=ExpertAssignment.Role.CARETAKER
        )
        return self.alias(has_lead=Exists(leads), has_caretaker=Exists(carers))

    def turn_of_caretakers(self, day):
        """Those a lead has not answered in time, or whose team has no lead."""
        late = Q(asked_on__lte=day - timedelta(days=DAYS_FOR_THE_LEAD))
        return self.with_turns(day).filter(Q(has_lead=False) | late, has_caretaker=True)

    def turn_of_runners(self, day):
        """Those for whom nobody nearer is left: lead and caretaker were silent, or there is none."""
        first = Q(asked_on__lte=day - timedelta(days=DAYS_FOR_THE_LEAD))
        last = Q(asked_on__lte=day - timedelta(days=DAYS_FOR_THE_LEAD + DAYS_FOR_THE_CARETAKER))
        nobody = Q(has_lead=False, has_caretaker=False)
        one = Q(has_lead=False, has_caretaker=True) | Q(has_lead=True, has_caretaker=False)
        return self.with_turns(day).filter(nobody | (one & first) | last)

    def waiting_for(self, user, day=None):
        """The requests that this person is to answer on `day` (today)."""
        day = day or today()
        waiting = self.waiting()
        leads = TeamMembership.objects.on(day).filter(
            participation=OuterRef("participation"), person=user, is_lead=True
        )
        cared_for = Participation.objects.of_caretaker(user, day)
        run = Participation.objects.all() if is_coordinator(user) else Participation.objects.of_operator(user)
        found = waiting.filter(Exists(leads)).values("pk")
        carers = waiting.filter(participation__in=cared_for).turn_of_caretakers(day).values("pk")
        runners = waiting.filter(participation__in=run).turn_of_runners(day).values("pk")
        return self.filter(Q(pk__in=found) | Q(pk__in=carers) | Q(pk__in=runners))


class JoinRequest(Process):
    """A person asks to join a team. Nobody learns of it before the address has answered a letter.

    The secret of the letter's link is not stored: see `jst.joining`.
    """

    class Status(models.TextChoices):
        UNPROVEN = "unproven", _("address not confirmed")
        ASKED = "asked", _("waits for an answer")
        APPROVED = "approved", pgettext_lazy("join request", "approved")
        DECLINED = "declined", pgettext_lazy("join request", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("join request", "withdrawn")
        LAPSED = "lapsed", pgettext_lazy("join request", "lapsed")

    class Turn(models.TextChoices):
        LEAD = "lead", _("lead")
        CARETAKER = "caretaker", _("caretaker")
        RUNNER = "runner", _("whoever runs the edition")

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="join_requests", verbose_name=_("participation")
    )
    email = models.EmailField(_("e-mail"))
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    function = models.CharField(_("function in the office"), max_length=150, blank=True)
    words = models.TextField(_("a few words"), max_length=500, blank=True)
    nonce = models.CharField(max_length=43, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("the link works until"), default=in_seven_days, editable=False)
    asked_on = models.DateField(_("asked on"), null=True, editable=False)
    # To whom the last letter about it went; `remind` writes to the next one once.
    turn = models.CharField(max_length=12, choices=Turn.choices, blank=True, editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.UNPROVEN, editable=False
    )

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "participation", Lower("email"), condition=Q(status="asked"), name="join_request_open_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["unproven", "asked", "approved", "declined", "withdrawn", "lapsed"]),
                name="join_request_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="unproven") | Q(asked_on__isnull=False), name="join_request_day_known"
            ),
        ]

    def __str__(self):
        return f"{self.person} ({self.participation})"

    @property
    def person(self):
        return f"{self.first_name} {self.last_name}"

    def get_absolute_url(self):
        return reverse("jst:join_request", args=[self.pk])


class Nomination(Process):
    """The office names the new lead: a letter to its official mailbox, a page with a button, an invitation.

    The secret of the letter's link is not stored: see `jst.nominations`.
    """

    class Status(models.TextChoices):
        SENT = "sent", pgettext_lazy("nomination", "waits for the office")
        NAMED = "named", pgettext_lazy("nomination", "the office named a lead")
        UNDONE = "undone", pgettext_lazy("nomination", "undone")

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="nominations", verbose_name=_("participation")
    )
    mailbox = models.EmailField(_("official mailbox"))
    nonce = models.CharField(max_length=43, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("the link works until"), default=in_seven_days, editable=False)
    invitation = models.OneToOneField(
        Invitation, on_delete=models.PROTECT, null=True, editable=False, related_name="nomination"
    )
    # The person named was in the team already and leads it at once.
    membership = models.ForeignKey(
        TeamMembership, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.SENT, editable=False
    )

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination by the office")
        verbose_name_plural = _("nominations by offices")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["sent", "named", "undone"]), name="nomination_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="sent") | Q(invitation__isnull=False) | Q(membership__isnull=False),
                name="nomination_of_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.masked} ({self.participation})"

    @property
    def masked(self):
        return masked(self.mailbox)


def masked(email):
    """Return the address so that those who know it recognise it: „u…@gmina-piaski.pl”."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
