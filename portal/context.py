"""What every template may use besides its own view's words."""

from django.conf import settings



def portal(request):
    return {"is_demo": settings.DEMO}
