"""How accounts come to be and how their letters leave: by invitation only, through the outbox."""

from allauth.account.adapter import DefaultAccountAdapter

from portal.models import Message


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No open sign-up; letters about signing in wait in the outbox like all others."""

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """Queue the letter. The same work is done for a known and for an unknown address."""
        letter = self.render_mail(template_prefix, email, context | {"request": self.request})
        Message.objects.create(address=email, subject=letter.subject, body=letter.body)
