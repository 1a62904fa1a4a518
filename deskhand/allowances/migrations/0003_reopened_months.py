from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("allowances", "0002_append_only")]

    operations = [migrations.AddField("monthlock", "reopened_at", models.DateTimeField(null=True))]
