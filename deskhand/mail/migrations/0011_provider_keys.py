from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0010_search_by_more_ids"),
    ]

    operations = [
        migrations.AddField(
            model_name="provideraccount",
            name="access_key_id",
            field=models.CharField(blank=True, max_length=128),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="public_key",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="sealed_access_secret",
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name="provideraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("access_key_id", ""), models.Q(("sealed_access_secret", ""), _negated=True), _connector="OR"
                ),
                name="provider_account_access_key_whole",
            ),
        ),
    ]
