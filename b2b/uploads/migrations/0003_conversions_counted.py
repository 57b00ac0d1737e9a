"""Conversions of uploads that were read before kinds were counted: each column's are one kind, a text's."""

from typing import Any

from django.db import migrations

_KIND = """
    UPDATE uploads_uploadrow row
    SET conversions = (SELECT jsonb_agg(one || '{"kind": "text"}' ORDER BY place)
                       FROM jsonb_array_elements(row.conversions) WITH ORDINALITY AS said(one, place))
    WHERE upload_id = %s AND jsonb_typeof(conversions) = 'array'
"""
_COUNT = """
    INSERT INTO uploads_conversioncount (upload_id, "column", kind, heading, shown, taken, rows, first_row, last_row)
    SELECT row.upload_id, (one->>'column')::int, 'text', left((array_agg(one->>'heading' ORDER BY number))[1], 200),
           left((array_agg(one->>'shown' ORDER BY number))[1], 200), (array_agg(one->'taken' ORDER BY number))[1],
           count(*), min(number), max(number)
    FROM uploads_uploadrow row, jsonb_array_elements(row.conversions) one
    WHERE row.upload_id = %s AND jsonb_typeof(row.conversions) = 'array'
    GROUP BY 1, 2
"""


def count(apps: Any, editor: Any) -> None:
    """An upload at a time."""
    rows = apps.get_model("uploads", "UploadRow").objects.filter(conversions__isnull=False)
    with editor.connection.cursor() as cursor:
        for upload in rows.order_by("upload_id").values_list("upload_id", flat=True).distinct():
            cursor.execute(_KIND, [upload])
            cursor.execute(_COUNT, [upload])


class Migration(migrations.Migration):
    dependencies = [("uploads", "0002_conversion_counts")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop, elidable=True)]
