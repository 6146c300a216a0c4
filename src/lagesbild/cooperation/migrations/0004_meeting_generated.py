from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cooperation', '0003_matters'),
    ]

    operations = [
        migrations.AddField(
            model_name='meeting',
            name='generated',
            field=models.BooleanField(default=False),
        ),
    ]
