"""Mail about notices: titles and links, never what happened. Held back in quiet hours, gathered into one.

A mail is first written down with the notices it is about, then sent; after a crash it is sent again under the same
Message-ID, so that mail programs show it once.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.core.addresses import absolute
from lagesbild.notices import kinds, muting
from lagesbild.notices.models import Mail, MailChoice, Notice, Preference

logger = logging.getLogger(__name__)
DIGEST_FROM = time(7)  # local time from which the mail of the day goes
LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 8


def gather() -> int:
    """Write down the mails that are due now; how many."""
    waiting = Notice.objects.filter(wants_mail=True, mail=None, membership__user__is_active=True)
    people = Membership.objects.filter(pk__in=waiting.values("membership")).select_related(
        "user", "collaboration", "notice_preference"
    )
    return sum(_gather_for(membership) for membership in people)


def _gather_for(membership: Membership) -> bool:
    wish = getattr(membership, "notice_preference", None) or Preference(membership=membership)
    now = clock.now()
    with transaction.atomic():
        waiting = list(Notice.objects.filter(membership=membership, wants_mail=True, mail=None, read_at=None))
        # What has been read on the page by now needs no mail.
        Notice.objects.filter(membership=membership, wants_mail=True, mail=None).exclude(read_at=None).update(
            wants_mail=False
        )
        due = [each for each in waiting if _is_due(wish, each, now, ZoneInfo(membership.collaboration.time_zone))]
        if not due:
            return False
        mail = Mail.objects.create(membership=membership, made_at=now, try_at=now)
        taken = Notice.objects.filter(pk__in=[each.pk for each in due], mail=None).update(mail=mail)
        if not taken:
            transaction.set_rollback(True)
        return bool(taken)


def _is_due(wish: Preference, notice: Notice, now: datetime, zone: ZoneInfo) -> bool:
    local = now.astimezone(zone)
    if wish.mail == MailChoice.NEVER or is_quiet(wish, local.time()):
        return False
    if wish.mail == MailChoice.AT_ONCE or (kinds.known(notice.code) and kinds.kind(notice.code).urgent):
        return True
    morning = datetime.combine(local.date(), max(DIGEST_FROM, _end_of_quiet(wish)), zone)
    return notice.at < morning <= local


def _end_of_quiet(wish: Preference) -> time:
    return wish.quiet_to if wish.quiet_from != wish.quiet_to else time(0)


def is_quiet(wish: Preference, at: time) -> bool:
    """Whether the local time lies in the quiet hours; from = to means none."""
    start, end = wish.quiet_from, wish.quiet_to
    return start <= at < end if start <= end else at >= start or at < end


def send_waiting() -> int:
    """Send what is written down and not yet sent; how many went."""
    now = clock.now()
    sent = 0
    for mail in Mail.objects.filter(sent_at=None, try_at__lte=now, attempts__lt=MAX_ATTEMPTS):
        mine = Mail.objects.filter(pk=mail.pk, sent_at=None, attempts=mail.attempts).update(
            attempts=F("attempts") + 1, try_at=now + LEASE * 2**mail.attempts
        )
        if mine and _send(mail):
            Mail.objects.filter(pk=mail.pk).update(sent_at=clock.now())
            sent += 1
    return sent


def _send(mail: Mail) -> bool:
    membership = Membership.objects.select_related("user", "collaboration").get(pk=mail.membership_id)
    try:
        with translation.override(membership.user.language or settings.LANGUAGE_CODE):
            _message(mail, membership).send()
    except Exception:  # one mail that cannot be sent must not keep the others back
        logger.warning("Mail %s could not be sent; it will be tried again", mail.pk, exc_info=True)
        return False
    return True


def _message(mail: Mail, membership: Membership) -> EmailMultiAlternatives:
    notices = list(mail.notices.all())
    slug = membership.collaboration.slug
    settings_address = absolute(reverse("notices:settings", args=[slug]))
    lines = [
        ngettext(
            "There is %(count)d new message for you in %(name)s.",
            "There are %(count)d new messages for you in %(name)s.",
            len(notices),
        )
        % {"count": len(notices), "name": membership.collaboration.name},
        "",
        *[f"{title}: {count}" for title, count in Counter(each.title for each in notices).items()],
        "",
        _("Read them: {address}").format(address=absolute(reverse("notices:notices", args=[slug]))),
        _("Choose what you get by mail: {address}").format(address=settings_address),
        "",
        _("Mail does not tell what happened: that is shown when you have signed in."),
    ]
    headers = {"Message-ID": f"<{mail.pk}@lagesbild>", "Auto-Submitted": "auto-generated"}
    codes = {each.code for each in notices}
    if len(codes) == 1:
        address = absolute(reverse("notices:mute", args=[muting.token(membership, codes.pop())]))
        lines += ["", _("No more of this kind, with one click: {address}").format(address=address)]
        headers |= {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    subject = _("Lagesbild: messages in {name}").format(name=membership.collaboration.name)
    return EmailMultiAlternatives(subject, "\n".join(lines), to=[membership.user.email], headers=headers)
