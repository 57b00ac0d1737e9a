"""Rows of lines are no documents: the index that finds the rows of one need not hold them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0005_row_found_by_its_number"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="uploadrow",
            name="upload_row_document",
        ),
        migrations.AddIndex(
            model_name="uploadrow",
            index=models.Index(
                condition=models.Q(("document_id__isnull", False), ("outcome__in", ["new", "changed", "missing"])),
                fields=["document_id"],
                name="upload_row_document",
            ),
        ),
    ]
