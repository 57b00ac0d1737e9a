"""Rows of an upload are found by ``upload_row_once``: an index of the upload alone only has to be written as well."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0004_rows_forgotten"),
    ]

    operations = [
        migrations.AlterField(
            model_name="uploadrow",
            name="upload",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="uploads.upload",
                verbose_name="upload",
            ),
        ),
    ]
