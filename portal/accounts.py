"""How accounts come to be and how their letters leave: by invitation only, through the outbox."""

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal import conventions
from portal.models import ChainHead, Message, User
from portal.models.user import normal_email
from portal.workflow import TransitionError

RETRY_AFTER = 300


def check_name(name):
    """Refuse what is no part of a name: names end up in letters, where an address would become a link."""
    told = name.replace(". ", " ").removesuffix(".")
    if not all(character.isalpha() or character in " '’-" for character in told):
        raise ValidationError(_("Use letters, spaces, hyphens and apostrophes."))


def open_account(email, first_name, last_name, *, password=None, proven=False):
    """Create a person. `password` is already hashed; without one nobody signs in until a letter sets it.

    `proven` says that the person has just used a link sent to the address.
    """
    with transaction.atomic():
        person = User(email=normal_email(email), first_name=first_name, last_name=last_name)
        if password:
            person.password = password
        else:
            person.set_unusable_password()
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=proven, primary=True)
    return person


def place_in_groups(person, groups):
    """Put the person in exactly these of ORE's groups; who is in none of them does not work at ORE.

    Raises TransitionError where what the person does elsewhere would make decisions unsafe.
    """
    with transaction.atomic():
        ChainHead.hold()
        offers = conventions.offered("staffing", "obstacles") if groups else []
        if sentences := [sentence for obstacles in offers for sentence in obstacles(person)]:
            raise TransitionError(*sentences)
        person.groups.set(groups)
        person.is_staff = person.is_superuser or bool(groups)
        person.save(update_fields=["is_staff"])


def send_password_letter(request, person):
    """Queue the letter by which `person` sets a password; the same as the one asked for at sign-in."""
    form = EvenResetPasswordForm({"email": person.email})
    if form.is_valid():
        form.save(request)


class EvenResetPasswordForm(ResetPasswordForm):
    """The form for a forgotten password; an unknown address costs the same work as a known one."""

    def save(self, request, **kwargs):
        if not self.users:
            self.work_for_nobody(self.cleaned_data["email"])
        return super().save(request, **kwargs)

    def work_for_nobody(self, email):
        """Do what a link takes: its secret, two questions about addresses, and its address."""
        nobody = User(pk=0, email=email)
        key = PasswordResetTokenGenerator().make_token(nobody)
        addresses = EmailAddress.objects.filter(user_id=nobody.pk)
        addresses.filter(email=email).exists()
        list(addresses.values_list("email", flat=True))
        get_adapter().get_reset_password_from_key_url(f"{user_pk_to_url_str(nobody)}-{key}")


def too_many_requests(request, exception=None):
    """Answer every limit of the sign-in paths alike, and say when to come back."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def is_too_much(request, action, key):
    """Count one more try and say whether it is beyond the limit of `settings.ACCOUNT_RATE_LIMITS`."""
    return not ratelimit.consume(request, action=action, key=key.lower())


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No open sign-up; letters about signing in wait in the outbox like all others."""

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """Queue the letter. The same work is done for a known and for an unknown address."""
        words = context | {"request": self.request, "email": email, "origin": settings.PORTAL_ORIGIN}
        letter = self.render_mail(template_prefix, email, words)
        Message.objects.create(address=email, subject=letter.subject[:300], body=letter.body)

    def format_email_subject(self, subject):
        return str(subject)

    def get_reset_password_from_key_url(self, key):
        """The link carries the portal's own origin, whatever the request says its host is."""
        path = super().get_reset_password_from_key_url(key).split("/", 3)[3]
        return f"{settings.PORTAL_ORIGIN}/{path}"

    def validation_error(self, code, *args):
        """Beyond the limit of tries no form is shown: the answer is 429, on every path alike."""
        if code == "too_many_login_attempts":
            raise ImmediateHttpResponse(respond_429(self.request))
        return super().validation_error(code, *args)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Failed tries count per account and network address: a stranger cannot lock the owner out."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"
