"""Frozen pictures and what the actors say of them; computed pictures kept for the next who asks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Function, Owned
from lagesbild.core.text import GuardedTextField


class ComputedPicture(models.Model):
    """The answer to a question asked before: same parameters, same data version, same method versions."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    content = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collaboration", "key"], name="computed_once")]

    def __str__(self) -> str:
        return self.key


class FrozenPicture(Owned):
    """A dated picture for a forum: parameters, data version and result, never changed after."""

    title = models.CharField(max_length=200)
    note = GuardedTextField(blank=True)
    parameters = models.JSONField()
    data_version = models.PositiveBigIntegerField(null=True)
    method_versions = models.JSONField(default=dict)
    content = models.BinaryField()
    content_sha256 = models.CharField(max_length=64)
    is_exercise = models.BooleanField(default=False)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="following")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.title


class Stance(models.TextChoices):
    AGREES = "agrees", _("Recognises the picture")
    PARTLY = "partly", _("Recognises it in part")
    DISAGREES = "disagrees", _("Sees something else")


class PictureComment(Owned):
    """What one actor sees, beside what the others see."""

    picture = models.ForeignKey(FrozenPicture, on_delete=models.CASCADE, related_name="comments")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    stance = models.CharField(max_length=10, choices=Stance)
    text = GuardedTextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return f"{self.function}: {self.stance}"
