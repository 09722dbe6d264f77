"""What every template may use besides its own view's words."""

from django.conf import settings

from portal.demo import accounts


def portal(request):
    """Say whether this is the demonstration, and who may be signed in as; the list is read when shown."""
    if not settings.DEMO:
        return {"is_demo": False}
    return {"is_demo": True, "demo_accounts": accounts}
