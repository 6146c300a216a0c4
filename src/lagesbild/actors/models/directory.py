"""Who they are: missions of organisations, tasks and limits of functions, how they are reached, routes for cases.

Contacts are those of functions, never a private person's.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Function, Organisation, Owned
from lagesbild.core.text import GuardedTextField


class Situation(models.Model):
    """What may be the matter when somebody looks for help, such as a minor, homelessness or broken lighting."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="situations")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "name")
        constraints = [models.UniqueConstraint(fields=["collaboration", "code"], name="situation_code_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """The name in the reader's language, as far as there is one."""
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name


class ActorProfile(Owned):
    """What an organisation is there for; its owner is the organisation itself."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="actor_profile")
    mission = GuardedTextField(blank=True)
    limits = GuardedTextField(blank=True)
    is_party = models.BooleanField(default=True)
    source = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("organisation__name",)

    def __str__(self) -> str:
        return str(self.organisation)


class ForumClaim(models.Model):
    """What one source says of whether an organisation sits in a forum. Sources that disagree are all kept."""

    profile = models.ForeignKey(ActorProfile, on_delete=models.CASCADE, related_name="forum_claims")
    forum = models.CharField(max_length=120)
    takes_part = models.BooleanField()
    citation = models.CharField(max_length=300)

    class Meta:
        ordering = ("forum", "citation")
        constraints = [models.UniqueConstraint(fields=["profile", "forum", "citation"], name="forum_claim_once")]

    def __str__(self) -> str:
        return f"{self.profile} {self.forum}"


class FunctionProfile(Owned):
    """What a function does, for whom, and where its mandate ends; owned by its organisation."""

    function = models.OneToOneField(Function, on_delete=models.CASCADE, related_name="profile")
    task = GuardedTextField(blank=True)
    limits = GuardedTextField(blank=True)
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    home_municipality = models.CharField(max_length=120, blank=True)
    needs_zone = models.BooleanField(default=False)  # may act only in zones that name it or its organisation
    source = models.CharField(max_length=300, blank=True)
    is_exercise = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("function__organisation__name", "function__name")
        constraints = [
            models.CheckConstraint(
                condition=Q(min_age=None) | Q(max_age=None) | Q(max_age__gte=F("min_age")), name="function_ages_forward"
            )
        ]

    def __str__(self) -> str:
        return str(self.function)


class MandateLevel(models.IntegerChoices):
    """How near a situation lies to what a function is for; lower comes first."""

    OWN_TASK = 1, _("own task")
    MAY_HELP = 2, _("may help")


class Mandate(models.Model):
    """A situation that a function takes care of."""

    profile = models.ForeignKey(FunctionProfile, on_delete=models.CASCADE, related_name="mandates")
    situation = models.ForeignKey(Situation, on_delete=models.CASCADE, related_name="mandates")
    level = models.PositiveSmallIntegerField(choices=MandateLevel, default=MandateLevel.OWN_TASK)

    class Meta:
        ordering = ("level", "situation__order")
        constraints = [models.UniqueConstraint(fields=["profile", "situation"], name="mandate_once")]

    def __str__(self) -> str:
        return f"{self.profile}: {self.situation}"


class CaseRoute(Owned):
    """A way for an individual case, such as SSPF: only where it begins, never the case."""

    name = models.CharField(max_length=120)
    full_name = models.CharField(max_length=200, blank=True)
    description = GuardedTextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    is_exercise = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["collaboration", "name"], name="case_route_name_once")]

    def __str__(self) -> str:
        return self.name


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone of the function")
    RAKEL = "rakel", _("Rakel group")
    FUNCTION_NUMBER = "function_number", _("Function number")
    LOOP = "loop", _("Communication loop")
    MAILBOX = "mailbox", _("E-mail box of the function")
    VISIT = "visit", _("Visit")


class Contact(models.Model):
    """One way to reach a function or the beginning of a route."""

    profile = models.ForeignKey(FunctionProfile, null=True, on_delete=models.CASCADE, related_name="contacts")
    route = models.ForeignKey(CaseRoute, null=True, on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=20, choices=Channel)
    value = models.CharField(max_length=120)
    note = GuardedTextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(profile__isnull=False, route=None) | Q(profile=None, route__isnull=False),
                name="contact_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.value}"

    @property
    def address(self) -> str:
        """What a phone calls or a mail program opens; empty for other channels."""
        if self.channel in (Channel.PHONE, Channel.FUNCTION_NUMBER):
            digits = "".join(sign for sign in self.value if sign.isdigit() or sign == "+")
            return f"tel:{digits}" if digits else ""
        return f"mailto:{self.value}" if self.channel == Channel.MAILBOX and "@" in self.value else ""
