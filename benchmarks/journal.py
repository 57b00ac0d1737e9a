"""What the journal costs: one entry against one bare INSERT, and verifying against hashing alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.db import connection, transaction

from b2b import journal
from b2b.models import Organisation
from b2b.policy import CLOCK
from b2b.workflow import create
from benchmarks.frame import Benchmark
from credit.models import CreditAccount

ENTRIES = 500
VERIFIED = 1_000_000
PER_DOCUMENT = 10

COPY_TABLE = """
    CREATE TABLE IF NOT EXISTS bench_journal
    (LIKE b2b_journalentry INCLUDING DEFAULTS INCLUDING INDEXES INCLUDING IDENTITY)
"""
INSERT = """
    INSERT INTO bench_journal (document_type, document_id, sequence, step, before, after, request_id, reason, changes,
                               inputs, previous_hash, hash)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
FILL = """
    INSERT INTO b2b_journalentry (document_type, document_id, step, before, after, request_id, reason, changes, inputs)
    SELECT 'bench.document', md5((number / %s)::text)::uuid, 'edit', 'draft', 'draft', 'request', '',
           jsonb_build_object('title', jsonb_build_array('old ' || number, 'new ' || number)), '{}'
    FROM generate_series(1, %s) number
"""
HASH_ALONE = """
    SELECT count(sha256(previous_hash || convert_to(b2b_journal_text(entry), 'UTF8'))) FROM b2b_journalentry entry
"""

account: CreditAccount
numbers = iter(range(1, 1_000_000_000))


def prepare_writing() -> None:
    global account  # noqa: PLW0603 — one document for every run of the process
    buyer = Organisation.objects.create(name="Buyer", is_buyer=True, country="DE", currency="EUR")
    supplier = Organisation.objects.create(name="Supplier", is_supplier=True, country="DE", currency="EUR")
    account = create(
        CreditAccount(buyer=buyer, supplier=supplier, currency="EUR", requested_limit=Decimal(1)), actor=CLOCK
    )
    with connection.cursor() as cursor:
        cursor.execute(COPY_TABLE)


def write_entries() -> None:
    before = journal.snapshot(account)
    earlier = replace(before, values=before.values | {"purpose": "before"})
    with transaction.atomic():
        for _ in range(ENTRIES):
            journal.record(account, "edit", actor=CLOCK, before=earlier, inputs={"reason": "measured"})


def write_rows() -> None:
    changes = '{"purpose": ["before", ""]}'
    values = ("edit", "requested", "requested", "", "measured", changes, '{"reason": "measured"}', b"p" * 32, b"h" * 32)
    with transaction.atomic(), connection.cursor() as cursor:
        for _ in range(ENTRIES):
            cursor.execute(INSERT, ["credit.creditaccount", account.pk, next(numbers), *values])


def prepare_verifying() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, [PER_DOCUMENT, VERIFIED])
        cursor.execute("ANALYZE b2b_journalentry")
    journal.sign_checkpoint()


def verify() -> None:
    journal.verify()


def hash_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute(HASH_ALONE)


BENCHMARKS = [
    Benchmark("journal", ENTRIES, 3.0, write_entries, write_rows, prepare=prepare_writing),
    Benchmark("journal_verify", VERIFIED, 2.0, verify, hash_them, prepare=prepare_verifying),
]
