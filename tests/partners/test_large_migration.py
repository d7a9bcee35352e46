"""Large migrations make the same tables as Django's own way."""

import pytest
from django.db import connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from partners.large_migration import LargeMigration

KEY = ("id", models.BigAutoField(primary_key=True))


def first(base):
    class First(base):
        operations = [migrations.CreateModel("Shelter", [KEY, ("name", models.CharField(max_length=20))])]

    return First("0001", "sheltering")


def second(base):
    """New tables that know each other, an old one that gets more, and a statement of its own in between."""

    class Second(base):
        operations = [
            migrations.CreateModel("Bed", [KEY, ("room", models.PositiveIntegerField())]),
            migrations.CreateModel(
                "Guest",
                [
                    KEY,
                    ("bed", models.OneToOneField("sheltering.Bed", models.CASCADE)),
                    ("knows", models.ManyToManyField("self")),
                ],
            ),
            migrations.AddField("Bed", "shelter", models.ForeignKey("sheltering.Shelter", models.CASCADE)),
            migrations.AddField(
                "Bed", "warden", models.ForeignKey("sheltering.Guest", models.PROTECT, null=True)
            ),
            migrations.AlterField("Shelter", "name", models.CharField(max_length=40, unique=True)),
            migrations.AddField("Shelter", "beds", models.PositiveIntegerField(default=0)),
            migrations.RunSQL(
                "INSERT INTO sheltering_shelter (name, beds) VALUES ('Harbor', 3)", migrations.RunSQL.noop
            ),
            migrations.AddField("Shelter", "guests", models.ManyToManyField("sheltering.Guest")),
            migrations.AddIndex("Bed", models.Index(fields=["room"], name="bed_by_room")),
            migrations.AddConstraint(
                "Bed", models.UniqueConstraint(fields=["shelter", "room"], name="bed_once_a_room")
            ),
            migrations.AddConstraint(
                "Shelter", models.CheckConstraint(condition=models.Q(beds__lt=99), name="shelter_is_small")
            ),
        ]

    return Second("0002", "sheltering")


CATALOGUE = """
SELECT table_name, ordinal_position::text, column_name, data_type, is_nullable, character_maximum_length::text
  FROM information_schema.columns WHERE table_name LIKE 'sheltering%%'
UNION ALL
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable::text, '', ''
  FROM pg_constraint WHERE conrelid::regclass::text LIKE 'sheltering%%'
UNION ALL
SELECT tablename, indexname, indexdef, '', '', '' FROM pg_indexes WHERE tablename LIKE 'sheltering%%'
ORDER BY 1, 2, 3
"""


def made_by(base):
    """The tables, columns, constraints and indexes after both migrations, and the rows; then all is taken back."""
    state = ProjectState()
    with transaction.atomic():
        for migration in (first(base), second(base)):
            with connection.schema_editor() as editor:
                state = migration.apply(state, editor)
            assert len(migration.operations) in (1, 11)
        # Constraints that wait for the end of a transaction are looked at now.
        state.apps.get_model("sheltering", "Shelter").objects.create(name="Anchor")
        with connection.cursor() as cursor:
            cursor.execute(CATALOGUE)
            found = cursor.fetchall()
            cursor.execute("SELECT name, beds FROM sheltering_shelter ORDER BY name")
            rows = cursor.fetchall()
        transaction.set_rollback(True)
    return found, rows


@pytest.mark.django_db(transaction=True)
def test_the_tables_are_those_of_djangos_way():
    found, rows = made_by(LargeMigration)
    assert (found, rows) == made_by(migrations.Migration)
    assert rows == [("Anchor", 0), ("Harbor", 3)]
    assert {"bed_by_room", "bed_once_a_room", "shelter_is_small"} <= {name for row in found for name in row}
