"""What was approved before versions had lives: it is in force from the day of its approval, and its record begins."""

from django.db import migrations
from django.utils import timezone


def keep(apps, schema_editor):
    version_model = apps.get_model("governance", "ConditionVersion")
    for version in version_model.objects.order_by("pk"):
        # What waited for approval could not be edited either; now it has to be tested first.
        version.state = "approved" if version.approved_by_id else "testing"
        version.save()
        _step(apps, version, "propose", "", "draft", version.proposed_by_id, version.proposed_at)
        _step(apps, version, "test", "draft", "testing", version.proposed_by_id, version.proposed_at)
    highest = {}
    for version in version_model.objects.filter(approved_by__isnull=False).order_by("approved_at", "pk"):
        day = timezone.localtime(version.approved_at).date()
        detail = {"in_force_from": day.isoformat()}
        _step(apps, version, "approve", "testing", "approved", version.approved_by_id, version.approved_at, detail)
        if version.number < highest.get(version.difficulty, 0):
            continue  # a newer one was approved before it: the newer one went on being run
        highest[version.difficulty] = version.number
        apps.get_model("governance", "Enforcement").objects.create(
            version=version, kind="approved", in_force_from=day, recorded_on=day, by_id=version.approved_by_id
        )


def _step(apps, version, act, before, after, by, at, detail=None):
    steps = apps.get_model("governance", "Step").objects
    made = steps.create(
        version=version, act=act, from_state=before, to_state=after, by_id=by, detail=detail or {}
    )
    steps.filter(pk=made.pk).update(at=at)


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_life")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
