"""People who sign in. What they may do follows from dated facts elsewhere, never from a field here."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.spelling import folded, full_name, polish_order

SYSTEM_EMAIL = "system@portal.invalid"


def normal_email(email):
    """Return the address as it is stored and compared: trimmed and in lower case."""
    return (email or "").strip().lower()


class UserQuerySet(models.QuerySet):
    def search(self, words):
        """Return the people of whose names and address every word is a part, whatever its letters."""
        found = self
        for word in folded(words).split():
            found = found.filter(search__contains=word)
        return found


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def get_by_natural_key(self, email):
        return self.get(email=normal_email(email))

    def create_user(self, email, password=None, **fields):
        """Create an account; without a password nobody can sign in until one is set by mail."""
        user = self.model(email=normal_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def system(self):
        """Return the account in whose name nightly work and imports are recorded."""
        user, _created = self.get_or_create(
            email=SYSTEM_EMAIL, defaults={"last_name": "System", "is_active": False, "password": "!"}
        )
        return user


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail"), unique=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("works at ORE"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    search = models.CharField(max_length=600, editable=False)
    sort_key = models.CharField(max_length=300, editable=False, db_index=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["last_name", "first_name", "email"]

    def __str__(self):
        return self.get_full_name()

    def save(self, *args, update_fields=None, **kwargs):
        self.spell()
        if update_fields is not None and {"email", "first_name", "last_name"} & set(update_fields):
            update_fields = {*update_fields, "search", "sort_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def spell(self):
        """Fill the columns that search and order read; bulk writes must call it themselves."""
        self.search = folded(f"{self.first_name} {self.last_name} {self.email}")
        self.sort_key = polish_order(f"{self.last_name} {self.first_name} {self.email}")

    def clean(self):
        super().clean()
        self.email = normal_email(self.email)

    def get_full_name(self):
        return full_name(self.first_name, self.last_name, self.email)

    def get_short_name(self):
        return self.first_name or self.email

    @cached_property
    def group_names(self):
        """Names of the ORE groups the person belongs to; empty for everybody who is not active staff."""
        if not (self.is_active and self.is_staff):
            return frozenset()
        return frozenset(self.groups.values_list("name", flat=True))
