"""Lists and the search know of a fact sheet what its newest version says, and versions know which findings they quote."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from partners.searching import search_words


def fill(apps, schema_editor):
    """Takes the words from the newest versions. Which findings those quote is seen by their claims."""
    sheets = apps.get_model("research", "FactSheet").objects
    versions = apps.get_model("research", "FactSheetVersion").objects
    findings = apps.get_model("research", "Finding").objects.exclude(state="draft")
    claims = [(pk, _plain(claim.rstrip(". "))) for pk, claim in findings.values_list("pk", "claim")]
    for version in versions.order_by("sheet_id", "-number").distinct("sheet_id").iterator(chunk_size=50):
        content = version.content
        lines = ["".join(run["text"] for run in block["runs"]) for block in content.get("blocks") or []]
        rows = (content.get("findings") or {}).get("rows") or []
        printed = _plain(" ".join([*lines, *(row["claim"] for row in rows)]))
        version.findings.set([pk for pk, claim in claims if claim and claim in printed])
        asked = (content.get("ask") or {}).get("text", "")
        sheets.filter(pk=version.sheet_id).update(
            released_title=content["title"],
            released_summary=content["summary"],
            released_text="\n".join([*lines, asked] if asked else lines),
        )


def _plain(words):
    return " ".join(words.split())


class Migration(migrations.Migration):
    dependencies = [("research", "0001_initial")]

    operations = [
        migrations.AddField(
            "factsheet",
            "released_title",
            models.CharField(blank=True, editable=False, max_length=200, verbose_name="released title"),
        ),
        migrations.AddField(
            "factsheet",
            "released_summary",
            models.TextField(blank=True, editable=False, verbose_name="released summary"),
        ),
        migrations.AddField(
            "factsheet",
            "released_text",
            models.TextField(blank=True, editable=False, verbose_name="released text"),
        ),
        # A generated column cannot be altered.
        migrations.RemoveIndex("factsheet", "factsheet_search"),
        migrations.RemoveField("factsheet", "search"),
        migrations.AddField(
            "factsheet",
            "search",
            search_words(a="released_title", b=("released_summary",), c=("released_text",)),
        ),
        migrations.AddIndex("factsheet", GinIndex(fields=["search"], name="factsheet_search")),
        migrations.AddField(
            "factsheetversion",
            "findings",
            models.ManyToManyField(
                blank=True,
                editable=False,
                related_name="fact_sheet_versions",
                to="research.finding",
                verbose_name="findings",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
