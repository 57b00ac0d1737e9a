from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from b2b.clock import database_now
from suppliers.models import Score
from suppliers.scoring import recomputation


class Command(BaseCommand):
    help = "Rate every supplier anew from the facts; with --check, only compare with what is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day to rate as of (default: today)")
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a stored score differs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
        else:
            count = recomputation.rate_everybody(as_of=options["as_of"] or database_now().date())
            self.stdout.write(f"{count} scores computed.")

    def _check(self) -> None:
        differing = recomputation.differing_scores()
        for score in differing:
            self.stderr.write(f"Supplier {score.supplier_id}, buyer {score.buyer_id or 'all'}: stored {score.total}.")
        if differing:
            raise CommandError(f"{len(differing)} stored scores differ from the facts.")
        self.stdout.write(f"{Score.objects.count()} scores equal the facts.")
