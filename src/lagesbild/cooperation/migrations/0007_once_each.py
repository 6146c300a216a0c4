"""That nobody stands twice in a forum, a meeting or a briefing, in a form that SQLite holds too."""

from __future__ import annotations

from django.db import migrations, models

RECORDS = (("attendance", "meeting"), ("forummember", "forum"), ("task", "meeting"))
NAMES = {"attendance": "attendance_once", "forummember": "forum_member_once", "task": "task_once"}
WHOLE = models.Q(function=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_guard_description"), ("cooperation", "0006_plan")]

    operations = [
        *[migrations.RemoveConstraint(model, NAMES[model]) for model, _record in RECORDS],
        *[
            migrations.AddConstraint(
                model,
                models.UniqueConstraint(fields=[record, "organisation"], condition=WHOLE, name=f"{NAMES[model]}_whole"),
            )
            for model, record in RECORDS
        ],
        *[
            migrations.AddConstraint(
                model,
                models.UniqueConstraint(
                    fields=[record, "organisation", "function"], condition=~WHOLE, name=f"{NAMES[model]}_function"
                ),
            )
            for model, record in RECORDS
        ],
    ]
