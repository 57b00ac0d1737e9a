"""Say whether a parcel of evidence is as it was exported, and name everything that is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from b2b.journal.proof import public_key
from compliance.evidence import NoEvidence, verify_evidence


class Command(BaseCommand):
    help = "Verify an exported case; exit 1 and name what does not agree. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", help="the issuer's public key in base64; default: this installation's own")

    def handle(self, *args: Any, file: Path, key: str | None, **options: Any) -> None:
        try:
            findings = verify_evidence(file.read_bytes(), trusted_key=key or public_key())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except NoEvidence as refusal:
            raise CommandError(f"{file}: {refusal.detail}") from refusal
        for finding in findings:
            self.stderr.write(str(finding))
        if findings:
            raise CommandError(f"{file} is not as it was exported: {len(findings)} findings.")
        self.stdout.write(f"{file} is as it was exported: every file, entry and signature agrees.")
