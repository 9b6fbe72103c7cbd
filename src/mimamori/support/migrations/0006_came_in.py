"""Findings of before there was a cut came in on the day they were made."""

from django.db import migrations
from django.db.models.functions import TruncDate


def keep(apps, schema_editor):
    apps.get_model("support", "Finding").objects.filter(came_in_on=None, waiting=False).update(
        came_in_on=TruncDate("created_at")
    )


class Migration(migrations.Migration):
    dependencies = [("support", "0005_places")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
