"""Why somebody answers for a matter, as facts instead of words. What was stored in words stays as it was written."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cooperation", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="responsible_because",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
