"""Frozen pictures and what the actors say of them. Pictures that nobody froze are not rows: see ``kept.py``."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Owned
from lagesbild.core.text import GuardedTextField


class FrozenPicture(Owned):
    """A dated picture for a forum: parameters, data version and result, never changed after.

    ``parameters``: ``ask``, ``ground`` (as they were then), ``threshold`` below which counts were hidden, and
    ``borrowed``, the slugs of other owners' restricted sources. ``content`` is canonical JSON, compressed.
    """

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
