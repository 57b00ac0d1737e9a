"""Count every balance again, from the ledger and from the documents, and name what differs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credit.models import CreditAccount
from credit.recomputation import differences


class Command(BaseCommand):
    help = "Compare stored credit balances with the ledger and the documents; exit 1 on any difference."

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        for difference in found:
            self.stderr.write(str(difference))
        if found:
            raise CommandError(f"{len(found)} balances do not agree with their records.")
        self.stdout.write(f"{CreditAccount.objects.count()} credit accounts agree with their records.")
