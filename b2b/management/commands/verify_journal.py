"""Say whether the journal is as it was written, and name every entry that is not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from b2b.journal import verify
from b2b.models import JournalCheckpoint, JournalEntry


class Command(BaseCommand):
    help = "Verify the journal's chains, checkpoints and documents; exit 1 and name what does not agree."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = verify()
        for finding in findings:
            self.stderr.write(str(finding))
        if findings:
            raise CommandError(f"The journal is not as it was written: {len(findings)} findings.")
        entries, checkpoints = JournalEntry.objects.count(), JournalCheckpoint.objects.count()
        self.stdout.write(f"{entries} entries and {checkpoints} checkpoints are as they were written.")
