"""What people were told, when they want mail about it, and the mails that went.

A notice belongs to one membership. A mail holds no more than titles and links.
"""

from __future__ import annotations

import uuid
from datetime import time
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership
from lagesbild.core.text import GuardedTextField
from lagesbild.notices import kinds


class MailChoice(models.TextChoices):
    AT_ONCE = "at_once", pgettext_lazy("mail", "At once")
    DAILY = "daily", _("Once a day, in the morning")
    NEVER = "never", pgettext_lazy("mail", "Never")


class Preference(models.Model):
    """When one membership wants mail. Quiet hours are local times; from after to means over midnight."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="notice_preference")
    mail = models.CharField(max_length=10, choices=MailChoice, default=MailChoice.DAILY)
    quiet_from = models.TimeField(default=time(21))
    quiet_to = models.TimeField(default=time(7))
    muted = models.JSONField(default=list)  # codes of kinds

    def __str__(self) -> str:
        return f"{self.membership} {self.mail}"


class Mail(models.Model):
    """One mail to one person. Its id is its Message-ID, so that a repeated sending is seen to be the same mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="notice_mails")
    made_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # what is to be sent now
            models.Index(fields=["try_at"], condition=Q(sent_at=None), name="mail_to_send")
        ]

    def __str__(self) -> str:
        return f"{self.membership} {self.made_at}"


class Notice(models.Model):
    """One thing that one person was told. ``text`` is an English source text; ``params`` fill its fields."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="notices")
    code = models.CharField(max_length=60)
    text = GuardedTextField(max_length=500)
    params = models.JSONField(default=dict)
    path = models.CharField(max_length=300)
    about = models.CharField(max_length=60, blank=True)  # such as "matter 12": read together
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    wants_mail = models.BooleanField(default=False)
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="notices")

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            # a person's notices, newest first
            models.Index(fields=["membership", "-at"], name="notice_by_membership"),
            # the number at the bell
            models.Index(fields=["membership"], condition=Q(read_at=None), name="notice_unread"),
            # what no mail holds yet
            models.Index(fields=["membership"], condition=Q(wants_mail=True, mail=None), name="notice_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.membership} {self.code}"

    @property
    def shown(self) -> str:
        """The text in the reader's language."""
        return _filled(gettext(self.text), self.params)

    @property
    def title(self) -> str:
        """What kind of notice it is, in the reader's language."""
        return str(kinds.kind(self.code).title) if kinds.known(self.code) else ""


def _filled(text: str, params: dict[str, Any]) -> str:
    return text.format(**params) if params else text
