"""Forums: where partners meet, on which level, how often, who convenes and who takes part."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Organisation, Owned, SharingLevel, once_each
from lagesbild.cooperation import recurrence
from lagesbild.core.text import GuardedTextField


class ForumLevel(models.TextChoices):
    """The four levels of V, Samverkansforum; `BESIDE` is every forum that meets next to them."""

    OPERATIONAL = "operational", _("Operational")
    MIXED = "mixed", _("Operational and strategic")
    STRATEGIC = "strategic", _("Strategic")
    STEERING = "steering", _("Steering")
    BESIDE = "beside", _("Beside the four levels")


SHARING_OF_LEVEL = {
    ForumLevel.OPERATIONAL: SharingLevel.OPERATIONAL,
    ForumLevel.MIXED: SharingLevel.OPERATIONAL,
    ForumLevel.STRATEGIC: SharingLevel.STRATEGIC,
    ForumLevel.STEERING: SharingLevel.STEERING,
    ForumLevel.BESIDE: SharingLevel.PARTNERS,
}


class Forum(Owned):
    """A recurring meeting place. That it exists is known to all partners; its minutes have the level's sharing.

    ``rhythm`` is an RFC 5545 recurrence rule (``FREQ=WEEKLY;BYDAY=TU,FR``), empty for a forum that meets on need;
    it counts from ``first_on``. Times are local to the collaboration.
    """

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=12, choices=ForumLevel)
    purpose = GuardedTextField(blank=True)
    convenor = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Function, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifts_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="receives_from")
    takes_matters = models.BooleanField(default=True)
    is_entry = models.BooleanField(default=False)  # where a matter goes when whoever raises it says nothing else
    rhythm = models.CharField(max_length=200, blank=True)
    rhythm_text = models.CharField(max_length=120, blank=True)
    first_on = models.DateField(null=True, blank=True)
    starts_at = models.TimeField(null=True, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(default=60)
    skips_holidays = models.BooleanField(default=True)
    room = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("collaboration", "name")
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "slug"], name="forum_slug_once"),
            models.UniqueConstraint(
                fields=["collaboration"], condition=Q(is_entry=True), name="forum_one_entry_per_collaboration"
            ),
            models.CheckConstraint(condition=Q(is_entry=False) | Q(takes_matters=True), name="forum_entry_takes"),
            models.CheckConstraint(condition=~Q(lifts_to=F("id")), name="forum_lifts_to_another"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rhythm_words(self) -> str:
        """How often, as people say it."""
        return self.rhythm_text or recurrence.in_words(self.rhythm)

    @property
    def records_sharing(self) -> str:
        """Who may see its meetings and minutes."""
        return SHARING_OF_LEVEL[ForumLevel(self.level)]


class Participation(models.TextChoices):
    MEMBER = "member", _("Member")
    INVITED = "invited", _("Invited on need")
    DISPUTED = "disputed", _("The sources disagree")


class ForumMember(models.Model):
    """An organisation (by one of its functions, if known) in a forum; with citation where the sources disagree."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="forum_memberships")
    function = models.ForeignKey(Function, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    participation = models.CharField(max_length=10, choices=Participation, default=Participation.MEMBER)
    note = models.CharField(max_length=300, blank=True)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)  # the first day outside

    class Meta:
        ordering = ("organisation__name", "function__name")
        constraints = once_each("forum", name="forum_member_once")

    def __str__(self) -> str:
        return f"{self.organisation} · {self.forum}"
