"""Load the European Central Bank's daily reference rates from its ``eurofxref-hist`` file, CSV or zip."""

from __future__ import annotations

import csv
import io
import zipfile
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b2b.exchange import ECB, EUR
from b2b.models.rate import ExchangeRate
from b2b.number import InvalidNumber, exact

NOT_QUOTED = {"", "N/A"}
BATCH_ROWS = 5_000
LARGEST_FILE_BYTES = 64 * 2**20
"""Thirty times today's file; a zip that claims to unpack to more is not it."""


class Command(BaseCommand):
    """A file loaded twice changes nothing; a rate the bank corrected replaces the old one."""

    help = "Load the European Central Bank's daily rates from its eurofxref-hist file (CSV or zip)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--since", type=date.fromisoformat, default=date.min, metavar="YYYY-MM-DD")

    def handle(self, *_args: Any, **options: Any) -> None:
        path, since = options["file"], options["since"]
        try:
            with opened(path) as lines, transaction.atomic():
                count = store(rate for rate in published(lines) if rate.day >= since)
        except (OSError, zipfile.BadZipFile, ValueError) as problem:
            raise CommandError(_("%(file)s cannot be loaded: %(why)s") % {"file": path, "why": problem}) from problem
        self.stdout.write(
            ngettext("%(count)s rate is loaded.", "%(count)s rates are loaded.", count) % {"count": count}
        )


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The file's lines as text; of a zip, those of the one CSV file inside."""
    if path.suffix.lower() != ".zip":
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield lines
        return
    with zipfile.ZipFile(path) as archive, archive.open(_only_member(archive)) as member:
        yield io.TextIOWrapper(member, encoding="utf-8-sig", newline="")


def published(lines: Iterable[str]) -> Iterator[ExchangeRate]:
    """One unsaved rate for each number of the table. Raises ``ValueError`` naming the line that is wrong."""
    table = csv.reader(lines)
    header = [heading.strip() for heading in next(table, [])]
    if not header or header[0] != "Date":
        raise ValueError(_("The first column must be headed “Date”."))
    for number, row in enumerate(table, start=2):
        try:
            yield from _rates_of_day(header[1:], row)
        except (InvalidNumber, ValueError) as problem:
            raise ValueError(_("line %(line)s: %(why)s") % {"line": number, "why": problem}) from problem


def store(rates: Iterator[ExchangeRate]) -> int:
    """Insert or correct, in batches; returns how many rates there were."""
    count = 0
    while batch := list(islice(rates, BATCH_ROWS)):
        ExchangeRate.objects.bulk_create(
            batch,
            update_conflicts=True,
            unique_fields=["source", "base", "quote", "day"],
            update_fields=["rate"],
        )
        count += len(batch)
    return count


def _rates_of_day(quotes: list[str], row: list[str]) -> Iterator[ExchangeRate]:
    if not row:
        return
    day = date.fromisoformat(row[0].strip())
    for quote, text in zip(quotes, row[1:], strict=False):
        if quote and text.strip() not in NOT_QUOTED:
            yield ExchangeRate(source=ECB, base=EUR, quote=quote, day=day, rate=_positive(text))


def _positive(text: str) -> Decimal:
    rate = exact(text, whole=10, places=10)
    if rate <= 0:
        raise InvalidNumber(_("An exchange rate must be greater than zero."))
    return rate


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if member.filename.lower().endswith(".csv")]
    if len(members) != 1 or members[0].file_size > LARGEST_FILE_BYTES:
        raise ValueError(_("The zip file must hold exactly one CSV file of at most 64 MB."))
    return members[0]
