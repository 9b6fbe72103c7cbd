from django.db import migrations, models

from mimamori.audit.guards import lay, lift
from mimamori.governance.frozen import freeze, thaw

TABLES = ("governance_step", "governance_enforcement", "governance_proof", "governance_remark")


def begin(apps, schema_editor):
    for table in TABLES:
        lay(schema_editor.connection, table)
    freeze(schema_editor.connection)


def end(apps, schema_editor):
    thaw(schema_editor.connection)
    for table in TABLES:
        lift(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_lives_kept"), ("audit", "0002_guards")]
    operations = [
        migrations.AddConstraint(
            model_name='conditionversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'testing', 'review', 'approved', 'retired', 'withdrawn'])), name='version_has_a_state'),
        ),
        migrations.AddConstraint(
            model_name='conditionversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True), models.Q(('state__in', ['approved', 'retired']), _negated=True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('state__in', ['approved', 'retired'])), _connector='OR'), name='approved_is_by_somebody'),
        ),
        migrations.RunPython(begin, end),
    ]
