"""The meeting of a step as a link, so that the way leads from the meeting to its matters too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cooperation", "0004_read_by_index")]

    operations = [
        migrations.AddField(
            model_name="step",
            name="meeting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="cooperation.meeting",
            ),
        ),
    ]
