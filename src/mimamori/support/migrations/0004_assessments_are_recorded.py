from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0003_records'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='assessment',
            name='one_draft_per_worker',
        ),
        migrations.RemoveField(
            model_name='assessment',
            name='changed_at',
        ),
        migrations.RemoveField(
            model_name='assessment',
            name='started_at',
        ),
        migrations.AlterField(
            model_name='assessment',
            name='recorded_at',
            field=models.DateTimeField(),
        ),
    ]
