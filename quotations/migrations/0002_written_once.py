"""Sealed versions, consents and minutes are written once; only a seal may be renewed under a new key."""

from django.db import migrations

KEEP = """
CREATE FUNCTION quotations_only_resealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'sealed' = to_jsonb(OLD) - 'sealed' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER quotation_version_written_once BEFORE UPDATE OR DELETE ON quotations_quotationversion
    FOR EACH ROW EXECUTE FUNCTION quotations_only_resealed();
CREATE TRIGGER opening_consent_written_once BEFORE UPDATE OR DELETE ON quotations_openingconsent
    FOR EACH ROW EXECUTE FUNCTION b2b_written_once();
CREATE TRIGGER opening_minute_written_once BEFORE UPDATE OR DELETE ON quotations_openingminute
    FOR EACH ROW EXECUTE FUNCTION b2b_written_once()
"""

UNDO = """
DROP TRIGGER opening_minute_written_once ON quotations_openingminute;
DROP TRIGGER opening_consent_written_once ON quotations_openingconsent;
DROP TRIGGER quotation_version_written_once ON quotations_quotationversion;
DROP FUNCTION quotations_only_resealed()
"""


class Migration(migrations.Migration):
    dependencies = [("quotations", "0001_initial"), ("b2b", "0002_journal_triggers")]

    operations = [migrations.RunSQL(KEEP, UNDO)]
