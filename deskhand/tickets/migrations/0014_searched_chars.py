from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models.functions import Left

WORDS = models.GeneratedField(
    expression=SearchVector(Left("text", 100_000), config="simple"),
    output_field=SearchVectorField(),
    db_persist=True,
)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_fewer_indexes")]

    operations = [
        migrations.RemoveIndex("message", "message_words"),
        migrations.RemoveField("message", "words"),
        migrations.AddField("message", "words", WORDS),
        migrations.AddIndex("message", GinIndex(fields=["words"], name="message_words")),
    ]
