"""All settings in one file: safe on a laptop, strict in production, read from the environment."""

import base64
import binascii
import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
env = environ.Env()

PRODUCTION = env.bool("PORTAL_PRODUCTION", False)
DEMO = env.bool("PORTAL_DEMO", False)
if PRODUCTION and DEMO:
    raise ImproperlyConfigured("PORTAL_DEMO opens every account with one click: unset it in production.")


def required_in_production(name, default):
    """Return the variable, or `default` on a laptop; production refuses to start without it."""
    value = env.str(name, "")
    if not value and PRODUCTION:
        raise ImproperlyConfigured(f"Set {name}: production does not start without it.")
    return value or default()


def development_secret(name, make):
    """Return the secret made once for this checkout and kept under var/."""
    path = VAR / name
    if not path.exists():
        VAR.mkdir(exist_ok=True)
        # Processes that start together must not each keep a key of their own: the first name stands.
        made = VAR / f"{name}.{secrets.token_hex(8)}"
        made.touch(0o600)
        made.write_text(make())
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text()


def data_keys(text):
    """Return the keys of `DATA_KEY`, the one that encrypts first; each is 32 bytes in URL-safe Base64."""
    keys = [key for key in text.replace(",", " ").split() if key]
    for key in keys:
        try:
            usable = len(base64.urlsafe_b64decode(key)) == 32
        except (binascii.Error, ValueError):
            usable = False
        if not usable:
            raise ImproperlyConfigured("DATA_KEY holds a key that is not 32 bytes in URL-safe Base64.")
    if not keys:
        raise ImproperlyConfigured("DATA_KEY holds no key.")
    return keys


def new_data_key():
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


SECRET_KEY = required_in_production(
    "SECRET_KEY", lambda: development_secret("secret_key", lambda: secrets.token_urlsafe(50))
)
# Restricted data of participants are encrypted with the first key and read with any of them.
DATA_KEYS = data_keys(
    required_in_production("DATA_KEY", lambda: development_secret("data_key", new_data_key))
)
DEBUG = False
PORTAL_ORIGIN = required_in_production("PORTAL_ORIGIN", lambda: "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = [urlsplit(PORTAL_ORIGIN).hostname]
CSRF_TRUSTED_ORIGINS = [PORTAL_ORIGIN]

INSTALLED_APPS = [
    "plans",
    "jst",
    "portal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "portal.memory.within_request",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "portal.middleware.refuse_unstorable_text",
    "portal.sessions.SessionsOfTabs",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.private_by_default",
    "portal.middleware.SignInRequired",
    "jst.second_factor.SecondFactorFirst",
    "portal.middleware.UnstorableForms",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- Database ---------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{VAR / 'portal.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 600
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR.mkdir(exist_ok=True)
    # IMMEDIATE and the long timeout: with Django's defaults writers meet "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;",
        "timeout": 20,
    }
elif PRODUCTION:
    host = DATABASES["default"]["HOST"]
    local = host in {"", "localhost", "127.0.0.1", "::1"} or host.startswith("/")
    if not local and DATABASES["default"].get("OPTIONS", {}).get("sslmode") not in {"require", "verify-full"}:
        raise ImproperlyConfigured(
            "The database is on another host: add ?sslmode=verify-full to DATABASE_URL."
        )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"},
}
# The demonstration draws a form on every page, so its pages are not the same for everybody.
KEEP_PUBLIC_PAGES = not DEMO
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- People -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# Fifteen characters and a blocklist, no composition rules: NIST SP 800-63B-4, OWASP ASVS 5.0 6.2.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "portal.passwords.BlocklistValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.ClosedAccountAdapter"
ACCOUNT_FORMS = {"reset_password": "portal.accounts.EvenResetPasswordForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
# Beside the limits of allauth: letters by which an application is begun. An office shares one address.
ACCOUNT_SESSION_REMEMBER = False
# An address is replaced only when the link sent to the new one was used; the old one is told.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Whoever is to see a PESEL number has given the password or the second factor in the last five minutes.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Production stands behind one front server; elsewhere X-Forwarded-For is anybody's claim.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0
# On top of allauth's own limits; the pages say them before they bite.
ACCOUNT_RATE_LIMITS = {"apply": "20/h/ip", "join_request": "20/h/ip,3/h/key", "nomination": "10/h/ip"}
# A second way in: a code by letter, for every address alike. Six letters, three tries, fifteen minutes.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
# Staff, experts and leads see only the page where they switch one on; one click signs in to the demo,
# which production refuses to be.
SECOND_FACTOR_REQUIRED = not DEMO
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Portal JST"

# --- Words, dates, files ----------------------------------------------------------------------

LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", _("Polish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Warsaw"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "portal.formats"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR / "media")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
CRISPY_ALLOWED_TEMPLATE_PACKS = ("portal",)
CRISPY_TEMPLATE_PACK = "portal"

# --- Mail -------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Portal JST <portal@portal.localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if "EMAIL_URL" in env.ENVIRON:
    email = env.email_url("EMAIL_URL")
    EMAIL_BACKEND = email["EMAIL_BACKEND"]
    EMAIL_FILE_PATH = email.get("EMAIL_FILE_PATH") or None
    EMAIL_HOST, EMAIL_PORT = email.get("EMAIL_HOST", ""), email.get("EMAIL_PORT") or 25
    EMAIL_HOST_USER = email.get("EMAIL_HOST_USER") or ""
    EMAIL_HOST_PASSWORD = email.get("EMAIL_HOST_PASSWORD") or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = email.get("EMAIL_USE_TLS", False), email.get("EMAIL_USE_SSL", False)
    if PRODUCTION and EMAIL_BACKEND.endswith("smtp.EmailBackend") and not (EMAIL_USE_TLS or EMAIL_USE_SSL):
        raise ImproperlyConfigured("EMAIL_URL sends mail in clear: use smtp+tls:// or smtp+ssl://.")
elif PRODUCTION:
    raise ImproperlyConfigured("Set EMAIL_URL: production does not start without it.")
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
EMAIL_TIMEOUT = 20

# --- Security ---------------------------------------------------------------------------------

SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
# However often a session is made longer, a day after signing in one signs in again.
SESSION_LONGEST = 24 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
