"""That nobody stands twice in a zone, in a form that SQLite holds too."""

from __future__ import annotations

from django.db import migrations, models

WHOLE = models.Q(function=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_guard_description"), ("actors", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("zoneactor", "zone_actor_once"),
        migrations.AddConstraint(
            "zoneactor",
            models.UniqueConstraint(fields=["zone", "organisation"], condition=WHOLE, name="zone_actor_once_whole"),
        ),
        migrations.AddConstraint(
            "zoneactor",
            models.UniqueConstraint(
                fields=["zone", "organisation", "function"], condition=~WHOLE, name="zone_actor_once_function"
            ),
        ),
    ]
