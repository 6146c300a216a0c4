"""The plan's links to meetings and agreements as foreign keys, its reminders, and where evidence is kept."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("actors", "0001_initial"), ("cooperation", "0005_matter_is_exercise")]

    operations = [
        migrations.RenameField("action", "meeting_id", "meeting"),
        migrations.AlterField(
            "action",
            "meeting",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="cooperation.meeting",
            ),
        ),
        migrations.RenameField("action", "agreement_id", "agreement"),
        migrations.AlterField(
            "action",
            "agreement",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="actors.agreement",
            ),
        ),
        migrations.AddField("action", "soon_told_for", models.DateField(null=True)),
        migrations.AddField("action", "late_told_for", models.DateField(null=True)),
        migrations.AddField("evidence", "file", models.CharField(default="", max_length=80), preserve_default=False),
        migrations.AddIndex("action", models.Index(fields=["collaboration", "state", "due_on"], name="action_by_due")),
    ]
