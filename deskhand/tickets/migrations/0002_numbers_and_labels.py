from django.db import migrations

NUMBERS = "CREATE SEQUENCE tickets_ticket_number AS bigint START 1001;"
# A ticket's kind can only ever be its status's kind, whoever writes it.
SAME_KIND = """
ALTER TABLE tickets_ticket ADD CONSTRAINT ticket_kind_is_its_statuss
    FOREIGN KEY (status_id, kind) REFERENCES tickets_status (id, kind)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""

STATUSES = [
    ("Open", "open", "green"),
    ("Pending", "pending", "amber"),
    ("Snoozed", "snoozed", "violet"),
    ("Spam", "spam", "red"),
    ("Closed", "closed", "gray"),
]
CATEGORIES = [
    (
        "bug",
        "Something is broken",
        "It worked before, or it does not do what it should.",
        "bug",
        False,
    ),
    (
        "change",
        "Change request",
        "Text, pictures, products, a small addition.",
        "square-pen",
        False,
    ),
    (
        "question",
        "Question",
        "How do I, where is, could you check.",
        "message-circle-question-mark",
        False,
    ),
    (
        "critical",
        "Business critical",
        "Something fundamental has stopped: orders cannot be placed or fulfilled.",
        "siren",
        True,
    ),
    ("other", "Something else", "Anything that fits nowhere above.", "ellipsis", False),
]


def label(apps, schema_editor):
    Status = apps.get_model("tickets", "Status")
    Category = apps.get_model("tickets", "Category")
    for position, (name, kind, hue) in enumerate(STATUSES):
        Status.objects.create(name=name, kind=kind, hue=hue, position=position)
    for position, (slug, name, explanation, icon, critical) in enumerate(CATEGORIES):
        Category.objects.create(
            slug=slug,
            name=name,
            explanation=explanation,
            icon=icon,
            position=position,
            is_business_critical=critical,
        )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE tickets_ticket_number;"),
        migrations.RunSQL(SAME_KIND, "ALTER TABLE tickets_ticket DROP CONSTRAINT ticket_kind_is_its_statuss;"),
        migrations.RunPython(label, migrations.RunPython.noop),
    ]
