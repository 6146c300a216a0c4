"""Collaborations, organisations, functions, the people who sign in, and the base of everything that is shared.

Only people who sign in are stored here, never people whom the work is about.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from lagesbild.core.geo import SWEREF_99_TM
from lagesbild.core.text import GuardedTextField


class UserManager(BaseUserManager["User"]):
    """Accounts are found by e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person who signs in."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Collaboration(models.Model):
    """A *samverkan*, such as Vision Klara. Everything belongs to exactly one."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = GuardedTextField(blank=True)
    working_crs = models.PositiveIntegerField(default=SWEREF_99_TM)
    time_zone = models.CharField(max_length=60, default="Europe/Stockholm")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A party of one collaboration."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="organisations")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["collaboration", "slug"], name="organisation_slug_once")]

    def __str__(self) -> str:
        return self.name


class Function(models.Model):
    """What one does for an organisation, and on which forum levels one sits."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="functions")
    name = models.CharField(max_length=120)
    operational = models.BooleanField(default=False)
    strategic = models.BooleanField(default=False)
    steering = models.BooleanField(default=False)

    class Meta:
        ordering = ("organisation__name", "name")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="function_name_once")]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation.name}"


class Role(models.TextChoices):
    """What a person may do; `capabilities` in ``access.py`` gives the meaning."""

    READER = "reader", _("Reader")
    REPORTER = "reporter", _("Reporter")
    COORDINATOR = "coordinator", _("Coordinator")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


class Membership(models.Model):
    """A person in one collaboration: one function and one role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="memberships")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "collaboration"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.function} · {self.role}"

    @property
    def organisation(self) -> Organisation:
        return self.function.organisation


class SharingLevel(models.TextChoices):
    """Who may see a record; wider as one goes down."""

    OWN = "own", _("Own organisation")
    OPERATIONAL = "operational", _("Operational forum")
    STRATEGIC = "strategic", _("Strategic forum")
    STEERING = "steering", _("Steering group")
    PARTNERS = "partners", _("All partners")
    PUBLIC = "public", _("Public")


class Owned(models.Model):
    """The base of every shared record: its collaboration, its owner organisation and who may see it."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sharing = models.CharField(max_length=12, choices=SharingLevel, default=SharingLevel.PARTNERS)

    class Meta:
        abstract = True


def once_each(record: str, *, name: str) -> list[models.BaseConstraint]:
    """An organisation as a whole stands once with the ``record``, and each of its functions once.

    Two constraints, as SQLite cannot hold that empty equals empty (``nulls_distinct``).
    """
    return [
        models.UniqueConstraint(
            fields=[record, "organisation"], condition=models.Q(function=None), name=f"{name}_whole"
        ),
        models.UniqueConstraint(
            fields=[record, "organisation", "function"], condition=~models.Q(function=None), name=f"{name}_function"
        ),
    ]
