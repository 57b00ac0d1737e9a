"""What was worded, put before the parties or signed is not changed afterwards, whoever writes."""

from django.db import migrations

# A wording gains its approval, once; a signature its voiding, once. All else stands as written.
WRITTEN_ONCE = """
CREATE FUNCTION contracts_written_once_but() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    added text[] := TG_ARGV; -- counted from zero
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) - added = to_jsonb(OLD) - added
       AND to_jsonb(OLD) -> added[0] = 'null'::jsonb THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is written once: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER clause_version_written_once BEFORE UPDATE OR DELETE ON contracts_clauseversion
    FOR EACH ROW EXECUTE FUNCTION contracts_written_once_but('approved_at', 'approved_by_id');
CREATE TRIGGER template_version_written_once BEFORE UPDATE OR DELETE ON contracts_templateversion
    FOR EACH ROW EXECUTE FUNCTION contracts_written_once_but('approved_at', 'approved_by_id');
CREATE TRIGGER signature_written_once BEFORE UPDATE OR DELETE ON contracts_signature
    FOR EACH ROW EXECUTE FUNCTION contracts_written_once_but('voided_at');
CREATE TRIGGER template_item_written_once BEFORE UPDATE OR DELETE ON contracts_templateitem
    FOR EACH ROW EXECUTE FUNCTION b2b_written_once();
CREATE TRIGGER contract_version_written_once BEFORE UPDATE OR DELETE ON contracts_contractversion
    FOR EACH ROW EXECUTE FUNCTION b2b_written_once();
CREATE TRIGGER consent_written_once BEFORE UPDATE OR DELETE ON contracts_consent
    FOR EACH ROW EXECUTE FUNCTION b2b_written_once()
"""

# The content of a contract is its columns below, its clauses and its lines.
FROZEN = """
CREATE FUNCTION contracts_contract_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'the text of contract % is frozen', OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER contract_text_frozen BEFORE UPDATE OF number, buyer_id, supplier_id, title, chinese_title, template_id,
    currency, value, ceiling, starts_on, ends_on, notice_days, payment_terms, incoterm, place, fields, chinese_fields
    ON contracts_contract FOR EACH ROW
    WHEN ((OLD.number, OLD.buyer_id, OLD.supplier_id, OLD.title, OLD.chinese_title, OLD.template_id, OLD.currency,
           OLD.value, OLD.ceiling, OLD.starts_on, OLD.ends_on, OLD.notice_days, OLD.payment_terms, OLD.incoterm,
           OLD.place, OLD.fields, OLD.chinese_fields)
          IS DISTINCT FROM
          (NEW.number, NEW.buyer_id, NEW.supplier_id, NEW.title, NEW.chinese_title, NEW.template_id, NEW.currency,
           NEW.value, NEW.ceiling, NEW.starts_on, NEW.ends_on, NEW.notice_days, NEW.payment_terms, NEW.incoterm,
           NEW.place, NEW.fields, NEW.chinese_fields))
    EXECUTE FUNCTION contracts_contract_frozen();
CREATE TRIGGER contract_kept BEFORE DELETE ON contracts_contract
    FOR EACH ROW EXECUTE FUNCTION contracts_contract_frozen()
"""

ROWS_FROZEN = """
CREATE FUNCTION contracts_row_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_now jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
    found record;
BEGIN
    SELECT number, state INTO found FROM contracts_contract WHERE id = (row_now->>'contract_id')::uuid;
    IF found.state <> 'draft' THEN
        RAISE EXCEPTION 'the text of contract % is frozen', found.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER contract_clause_frozen BEFORE INSERT OR UPDATE OR DELETE ON contracts_contractclause
    FOR EACH ROW EXECUTE FUNCTION contracts_row_frozen();
CREATE TRIGGER contract_line_frozen BEFORE INSERT OR DELETE ON contracts_contractline
    FOR EACH ROW EXECUTE FUNCTION contracts_row_frozen();
CREATE TRIGGER contract_line_text_frozen BEFORE UPDATE ON contracts_contractline FOR EACH ROW
    WHEN ((OLD.contract_id, OLD.number, OLD.item, OLD.code, OLD.product_id, OLD.quantity, OLD.unit, OLD.unit_price,
           OLD.amount, OLD.vat_category, OLD.vat_rate)
          IS DISTINCT FROM
          (NEW.contract_id, NEW.number, NEW.item, NEW.code, NEW.product_id, NEW.quantity, NEW.unit, NEW.unit_price,
           NEW.amount, NEW.vat_category, NEW.vat_rate))
    EXECUTE FUNCTION contracts_row_frozen()
"""

UNDO = """
DROP TRIGGER contract_line_text_frozen ON contracts_contractline;
DROP TRIGGER contract_line_frozen ON contracts_contractline;
DROP TRIGGER contract_clause_frozen ON contracts_contractclause;
DROP FUNCTION contracts_row_frozen();
DROP TRIGGER contract_kept ON contracts_contract;
DROP TRIGGER contract_text_frozen ON contracts_contract;
DROP FUNCTION contracts_contract_frozen();
DROP TRIGGER consent_written_once ON contracts_consent;
DROP TRIGGER contract_version_written_once ON contracts_contractversion;
DROP TRIGGER template_item_written_once ON contracts_templateitem;
DROP TRIGGER signature_written_once ON contracts_signature;
DROP TRIGGER template_version_written_once ON contracts_templateversion;
DROP TRIGGER clause_version_written_once ON contracts_clauseversion;
DROP FUNCTION contracts_written_once_but()
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial"), ("b2b", "0002_journal_triggers")]

    operations = [migrations.RunSQL([WRITTEN_ONCE, FROZEN, ROWS_FROZEN], UNDO)]
