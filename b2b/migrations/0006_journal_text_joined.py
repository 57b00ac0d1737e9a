"""The same text of an entry, byte by byte, but joined: to build one JSON array takes thousands of lines apart again."""

from django.db import migrations

JOINED = """
CREATE OR REPLACE FUNCTION b2b_journal_text(entry b2b_journalentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT '[' || concat_ws(', ',
        to_jsonb(entry.document_type)::text,
        to_jsonb(entry.document_id)::text,
        entry.sequence::text,
        to_jsonb(to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text,
        to_jsonb(entry.step)::text,
        to_jsonb(entry.before)::text,
        to_jsonb(entry.after)::text,
        coalesce(to_jsonb(entry.user_id)::text, 'null'),
        coalesce(to_jsonb(entry.organisation_id)::text, 'null'),
        to_jsonb(entry.request_id)::text,
        to_jsonb(entry.reason)::text,
        entry.changes::text,
        entry.inputs::text
    ) || ']'
$$
"""

BUILT = """
CREATE OR REPLACE FUNCTION b2b_journal_text(entry b2b_journalentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        entry.document_type, entry.document_id, entry.sequence,
        to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        entry.step, entry.before, entry.after, entry.user_id, entry.organisation_id,
        entry.request_id, entry.reason, entry.changes, entry.inputs
    )::text
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("b2b", "0005_letters_wait"),
    ]

    operations = [
        migrations.RunSQL(JOINED, reverse_sql=BUILT),
    ]
