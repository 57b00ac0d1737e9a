"""PostgreSQL's own extensions that the apps above build on: likeness of texts, and ranges that may not overlap."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("b2b", "0002_journal_triggers")]

    operations = [TrigramExtension(), BtreeGistExtension()]
