"""The table behind ``CACHES["default"]`` where no Redis is configured, as ``createcachetable`` makes it."""

from django.db import migrations

CREATE = """
CREATE TABLE IF NOT EXISTS b2b_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX IF NOT EXISTS b2b_cache_expires ON b2b_cache (expires)
"""


class Migration(migrations.Migration):
    dependencies = [("b2b", "0003_extensions")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE b2b_cache")]
