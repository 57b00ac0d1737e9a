"""Each price may have days of its own within its list's.

That they lie within is proved by triggers, as a constraint cannot look into another table: behind every statement
for the prices it wrote, and for a list whose days change. The list is held meanwhile, so that it does not change
under a price that is being written.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import suppliers.models.price

OUTSIDE = """
    price.valid_from < list.valid_from OR price.valid_until < list.valid_from
    OR greatest(price.valid_from, price.valid_until) > list.valid_until
"""
REFUSE = """
    RAISE check_violation USING
        MESSAGE = 'the days of a price reach out of its list''s', CONSTRAINT = 'price_within_list', TABLE = 'suppliers_price'
"""
WITHIN = f"""
CREATE FUNCTION suppliers_prices_within_lists() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM written WHERE valid_from IS NOT NULL OR valid_until IS NOT NULL) THEN
        PERFORM FROM suppliers_pricelist WHERE id IN (
            SELECT price_list_id FROM written WHERE valid_from IS NOT NULL OR valid_until IS NOT NULL
        ) ORDER BY id FOR SHARE;
        IF EXISTS (
            SELECT FROM written price JOIN suppliers_pricelist list ON list.id = price.price_list_id WHERE {OUTSIDE}
        ) THEN {REFUSE}; END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION suppliers_list_holds_prices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM suppliers_price price JOIN suppliers_pricelist list ON list.id = price.price_list_id
        WHERE list.id = NEW.id AND ({OUTSIDE})
    ) THEN {REFUSE}; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER price_within_list_inserted AFTER INSERT ON suppliers_price
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION suppliers_prices_within_lists();
CREATE TRIGGER price_within_list_updated AFTER UPDATE ON suppliers_price
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION suppliers_prices_within_lists();
CREATE CONSTRAINT TRIGGER list_holds_its_prices AFTER UPDATE OF valid_from, valid_until ON suppliers_pricelist
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.valid_from <> NEW.valid_from OR OLD.valid_until IS DISTINCT FROM NEW.valid_until)
    EXECUTE FUNCTION suppliers_list_holds_prices();
"""  # noqa: S608 — nothing but our own constants go in
BACK = """
DROP TRIGGER list_holds_its_prices ON suppliers_pricelist;
DROP TRIGGER price_within_list_updated ON suppliers_price;
DROP TRIGGER price_within_list_inserted ON suppliers_price;
DROP FUNCTION suppliers_list_holds_prices();
DROP FUNCTION suppliers_prices_within_lists();
"""


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0003_price_rises_and_variants")]

    operations = [
        migrations.AlterModelOptions(
            name="price",
            options={
                "ordering": [
                    "price_list",
                    "product",
                    "min_quantity",
                    models.OrderBy(models.F("valid_from"), nulls_first=True),
                ],
                "verbose_name": "price",
                "verbose_name_plural": "prices",
            },
        ),
        migrations.AddField(
            model_name="price",
            name="valid_from",
            field=models.DateField(blank=True, help_text="Blank: as the list.", null=True, verbose_name="valid from"),
        ),
        migrations.AddField(
            model_name="price",
            name="valid_until",
            field=models.DateField(blank=True, help_text="Blank: as the list.", null=True, verbose_name="valid until"),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="price_tier_once_a_day",
                expressions=[
                    ("product", "="),
                    ("price_list", "="),
                    ("min_quantity", "="),
                    (
                        suppliers.models.price.DateRange(
                            "valid_from",
                            "valid_until",
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
            ),
        ),
        migrations.RemoveConstraint(model_name="price", name="price_tier_once"),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                name="price_ends_after_it_begins",
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_until", None),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
            ),
        ),
        migrations.RunSQL(WITHIN, BACK),
    ]
