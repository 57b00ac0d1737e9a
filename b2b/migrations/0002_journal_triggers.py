"""The database itself numbers and chains journal entries, and refuses to change them."""

from django.db import migrations

HASH = """
CREATE FUNCTION b2b_journal_hash(entry b2b_journalentry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(entry.previous_hash || convert_to(b2b_journal_text(entry), 'UTF8'))
$$
"""

# A JSON array, because its quoting leaves no two entries with the same text.
TEXT = """
CREATE FUNCTION b2b_journal_text(entry b2b_journalentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        entry.document_type, entry.document_id, entry.sequence,
        to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        entry.step, entry.before, entry.after, entry.user_id, entry.organisation_id,
        entry.request_id, entry.reason, entry.changes, entry.inputs
    )::text
$$
"""

# The id is drawn after the shared lock, so that a checkpoint, which holds the lock alone, has seen
# every smaller id. Without sequential scans, for a table that was analysed while empty would have its last entry
# looked for in every row of a bulk load. The constant is b2b.journal.checkpoint.JOURNAL_LOCK.
APPEND = """
CREATE FUNCTION b2b_journal_append() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(29958897753022828);
    NEW.id := nextval(pg_get_serial_sequence('b2b_journalentry', 'id'));
    NEW.at := clock_timestamp();
    SELECT last.sequence, last.hash INTO NEW.sequence, NEW.previous_hash
    FROM b2b_journalentry last
    WHERE last.document_type = NEW.document_type AND last.document_id = NEW.document_id
    ORDER BY last.sequence DESC LIMIT 1;
    NEW.sequence := coalesce(NEW.sequence, 0) + 1;
    NEW.previous_hash := coalesce(NEW.previous_hash, ''::bytea);
    NEW.hash := b2b_journal_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER journal_append BEFORE INSERT ON b2b_journalentry
    FOR EACH ROW EXECUTE FUNCTION b2b_journal_append()
"""

KEEP = """
CREATE FUNCTION b2b_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER journal_written_once BEFORE UPDATE OR DELETE ON b2b_journalentry
    FOR EACH ROW EXECUTE FUNCTION b2b_written_once();
CREATE TRIGGER journal_not_emptied BEFORE TRUNCATE ON b2b_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION b2b_written_once();
CREATE TRIGGER checkpoint_written_once BEFORE UPDATE OR DELETE ON b2b_journalcheckpoint
    FOR EACH ROW EXECUTE FUNCTION b2b_written_once();
CREATE TRIGGER checkpoint_not_emptied BEFORE TRUNCATE ON b2b_journalcheckpoint
    FOR EACH STATEMENT EXECUTE FUNCTION b2b_written_once()
"""

UNDO = """
DROP TRIGGER checkpoint_not_emptied ON b2b_journalcheckpoint;
DROP TRIGGER checkpoint_written_once ON b2b_journalcheckpoint;
DROP TRIGGER journal_not_emptied ON b2b_journalentry;
DROP TRIGGER journal_written_once ON b2b_journalentry;
DROP TRIGGER journal_append ON b2b_journalentry;
DROP FUNCTION b2b_written_once();
DROP FUNCTION b2b_journal_append();
DROP FUNCTION b2b_journal_hash(b2b_journalentry);
DROP FUNCTION b2b_journal_text(b2b_journalentry)
"""


class Migration(migrations.Migration):
    dependencies = [("b2b", "0001_initial")]

    operations = [migrations.RunSQL([TEXT, HASH, APPEND, KEEP], UNDO)]
