"""The ledger is written once, and its legs sum to zero, whoever writes them."""

from django.db import migrations

KEEP = """
CREATE TRIGGER ledger_entry_written_once BEFORE UPDATE OR DELETE ON credit_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION b2b_written_once();
CREATE TRIGGER ledger_leg_written_once BEFORE UPDATE OR DELETE ON credit_ledgerleg
    FOR EACH ROW EXECUTE FUNCTION b2b_written_once();
CREATE TRIGGER ledger_entry_not_emptied BEFORE TRUNCATE ON credit_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION b2b_written_once();
CREATE TRIGGER ledger_leg_not_emptied BEFORE TRUNCATE ON credit_ledgerleg
    FOR EACH STATEMENT EXECUTE FUNCTION b2b_written_once()
"""

# Deferred to the end of the transaction: an entry and its legs are several statements.
BALANCE = """
CREATE FUNCTION credit_legs_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry_key uuid := coalesce(to_jsonb(NEW)->>'entry_id', to_jsonb(NEW)->>'id')::uuid;
    legs record;
BEGIN
    SELECT count(*) AS count, coalesce(sum(amount), 0) AS sum, coalesce(max(amount), 0) AS moved INTO legs
    FROM credit_ledgerleg WHERE entry_id = entry_key;
    IF legs.count <> 2 OR legs.sum <> 0
       OR legs.moved <> (SELECT amount FROM credit_ledgerentry WHERE id = entry_key) THEN
        RAISE EXCEPTION 'ledger entry % does not balance', entry_key USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON credit_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION credit_legs_balance();
CREATE CONSTRAINT TRIGGER ledger_leg_balances AFTER INSERT ON credit_ledgerleg
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION credit_legs_balance()
"""

UNDO = """
DROP TRIGGER ledger_leg_balances ON credit_ledgerleg;
DROP TRIGGER ledger_entry_balances ON credit_ledgerentry;
DROP FUNCTION credit_legs_balance();
DROP TRIGGER ledger_leg_not_emptied ON credit_ledgerleg;
DROP TRIGGER ledger_entry_not_emptied ON credit_ledgerentry;
DROP TRIGGER ledger_leg_written_once ON credit_ledgerleg;
DROP TRIGGER ledger_entry_written_once ON credit_ledgerentry
"""


class Migration(migrations.Migration):
    dependencies = [("credit", "0001_initial"), ("b2b", "0002_journal_triggers")]

    operations = [migrations.RunSQL([KEEP, BALANCE], UNDO)]
