"""``migrate`` compares models and migrations as our ``makemigrations`` does; Django's check wants it said."""

from __future__ import annotations

from django.core.management.commands import migrate

from b2b.management.commands.makemigrations import FoldingAutodetector


class Command(migrate.Command):
    autodetector = FoldingAutodetector
