from django.db import migrations

from mimamori.audit.guards import lay, lift

TABLES = ("review_ledgerentry", "review_decision")


def begin(apps, schema_editor):
    for table in TABLES:
        lay(schema_editor.connection, table)


def end(apps, schema_editor):
    for table in TABLES:
        lift(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial")]
    operations = [migrations.RunPython(begin, end)]
