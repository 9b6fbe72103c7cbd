from django.db import migrations

from mimamori.audit.chain import GENESIS
from mimamori.audit.guards import lay, lift

TABLE = "audit_event"


def begin(apps, schema_editor):
    apps.get_model("audit", "Head").objects.create(pk=1, number=0, hash=GENESIS)
    lay(schema_editor.connection, TABLE)


def end(apps, schema_editor):
    lift(schema_editor.connection, TABLE)
    apps.get_model("audit", "Head").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(begin, end)]
