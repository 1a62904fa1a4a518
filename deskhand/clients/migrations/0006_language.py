from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0005_portal_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="language",
            field=models.CharField(blank=True, max_length=5, default=""),
            preserve_default=False,
        ),
    ]
