"""What stood in the details of steps becomes their link to the meeting. The details stay as they were written."""

from django.db import migrations

SLICE = 1000


def link_meetings(apps, schema_editor):
    step = apps.get_model("cooperation", "Step")
    known = set(apps.get_model("cooperation", "Meeting").objects.values_list("pk", flat=True))
    changed = []
    for each in step.objects.filter(details__meeting__isnull=False).only("pk", "details").iterator(chunk_size=SLICE):
        if each.details["meeting"] in known:
            each.meeting_id = each.details["meeting"]
            changed.append(each)
        if len(changed) == SLICE:
            step.objects.bulk_update(changed, ["meeting"])
            changed = []
    step.objects.bulk_update(changed, ["meeting"])


class Migration(migrations.Migration):

    dependencies = [("cooperation", "0005_step_meeting")]

    operations = [migrations.RunPython(link_meetings, migrations.RunPython.noop)]
