"""Whoever rewrites the journal, even with the triggers switched off, is found and named."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from b2b.journal import NOTHING, record, sign_checkpoint, verify
from b2b.models import JournalCheckpoint, JournalEntry
from b2b.policy import Actor
from tests.b2b.test_workflow import acting
from tests.factories.sample import MemoFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db


@pytest.fixture
def memo() -> Memo:
    """A memo with three entries: create, submit, refuse."""
    memo = MemoFactory()
    memo.submit(actor=acting(memo, "buyer"))
    memo.refuse(actor=acting(memo, "buying_manager"), reason="Too many bolts.")
    return memo


def as_superuser(sql: str, *parameters) -> None:
    """What somebody with the database's own password can do: SQL with every trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, parameters)
        cursor.execute("SET LOCAL session_replication_role = origin")


def entry(memo: Memo, sequence: int) -> JournalEntry:
    return JournalEntry.objects.of(memo).get(sequence=sequence)


def test_an_untouched_journal_is_found_untouched(memo):
    sign_checkpoint()

    assert verify() == []


BUILT = """
    SELECT b2b_journal_text(entry), jsonb_build_array(
        document_type, document_id, sequence, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        step, before, after, user_id, organisation_id, request_id, reason, changes, inputs
    )::text
    FROM b2b_journalentry entry WHERE document_id = %s
"""


def test_what_a_hash_covers_is_a_json_array_whatever_is_written(memo):
    """So no two entries have the same text, and a reader needs nothing but JSON."""
    odd = 'He said "no",\n\t\\ 螺栓 \u2028 \x7f null]'
    record(memo, "edit", actor=Actor(), before=NOTHING, inputs={"reason": odd, odd: [None, odd, 1.5, {}]})

    with connection.cursor() as cursor:
        cursor.execute(BUILT, [memo.pk])
        found = cursor.fetchall()

    assert len(found) == 4
    assert all(text == built for text, built in found)


@pytest.mark.parametrize("verb", ["UPDATE b2b_journalentry SET reason = ''", "DELETE FROM b2b_journalentry"])
def test_the_database_refuses_to_change_or_delete_an_entry(memo, verb):
    with pytest.raises(DatabaseError, match="is written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)

    assert JournalEntry.objects.of(memo).count() == 3


def test_an_entry_keeps_number_hash_and_time_whatever_the_writer_says(memo):
    JournalEntry.objects.create(
        document_type="sample.memo", document_id=memo.pk, step="forged", sequence=99, hash=b"x", previous_hash=b"y"
    )

    forged = entry(memo, 4)
    assert bytes(forged.previous_hash) == bytes(entry(memo, 3).hash)
    assert len(bytes(forged.hash)) == 32


def test_a_changed_entry_is_named(memo):
    changed = entry(memo, 3)

    as_superuser("UPDATE b2b_journalentry SET reason = 'Fine.' WHERE id = %s", changed.pk)

    assert [str(finding) for finding in verify()] == [
        f"entry {changed.pk} (sample.memo {memo.pk}, number 3): its content is not what was written"
    ]


def test_a_removed_entry_is_named_by_the_one_after_it(memo):
    after = entry(memo, 3)

    as_superuser("DELETE FROM b2b_journalentry WHERE id = %s", entry(memo, 2).pk)

    assert [str(finding) for finding in verify()] == [
        f"entry {after.pk} (sample.memo {memo.pk}, number 3): it does not continue the entry before it",
        f"entry {after.pk} (sample.memo {memo.pk}, number 3): an entry before it is missing or was put in",
    ]


def test_a_removed_last_entry_is_found_by_the_documents_version(memo):
    as_superuser("DELETE FROM b2b_journalentry WHERE id = %s", entry(memo, 3).pk)

    assert [str(finding) for finding in verify()] == [
        f"sample.memo {memo.pk}: its version and its last journal entry disagree"
    ]


def test_a_removed_document_is_found_by_its_journal(memo):
    as_superuser("DELETE FROM sample_memoline")
    as_superuser("DELETE FROM sample_memo")

    assert [str(finding) for finding in verify()] == [
        f"sample.memo {memo.pk}: it has journal entries but is not there any more"
    ]


def test_an_inserted_entry_is_named(memo):
    as_superuser(
        "INSERT INTO b2b_journalentry (id, document_type, document_id, sequence, at, step, before, after, request_id,"
        " reason, changes, inputs, previous_hash, hash)"
        " SELECT 900000, document_type, document_id, 4, at, 'approve', 'draft', 'approved', '', '', '{}', '{}',"
        " hash, hash FROM b2b_journalentry WHERE id = %s",
        entry(memo, 3).pk,
    )

    assert f"entry 900000 (sample.memo {memo.pk}, number 4): its content is not what was written" in [
        str(finding) for finding in verify()
    ]


def test_reordered_entries_are_named(memo):
    second, third = entry(memo, 2), entry(memo, 3)
    for key, sequence in ((second.pk, 30), (third.pk, 2), (second.pk, 3)):
        as_superuser("UPDATE b2b_journalentry SET sequence = %s WHERE id = %s", sequence, key)

    named = {finding.subject for finding in verify()}

    assert f"entry {second.pk} (sample.memo {memo.pk}, number 3)" in named
    assert f"entry {third.pk} (sample.memo {memo.pk}, number 2)" in named


def rewrite_consistently(memo: Memo, sequence: int) -> None:
    """Change one entry and chain it and all after it anew, as somebody who read our source could."""
    as_superuser(
        "UPDATE b2b_journalentry SET reason = 'Fine.' WHERE document_id = %s AND sequence = %s", memo.pk, sequence
    )
    for number in range(sequence, JournalEntry.objects.of(memo).count() + 1):
        as_superuser(
            "UPDATE b2b_journalentry entry SET previous_hash = coalesce((SELECT before.hash FROM b2b_journalentry"
            " before WHERE before.document_id = entry.document_id AND before.sequence = entry.sequence - 1), '')"
            " WHERE document_id = %s AND sequence = %s",
            memo.pk,
            number,
        )
        as_superuser(
            "UPDATE b2b_journalentry entry SET hash = b2b_journal_hash(entry) WHERE document_id = %s AND sequence = %s",
            memo.pk,
            number,
        )


def test_a_consistent_rewriting_is_found_by_the_signed_checkpoint(memo):
    sign_checkpoint()

    rewrite_consistently(memo, 2)

    assert [str(finding) for finding in verify()] == [
        f"entry {entry(memo, 2).pk}: it was rewritten after checkpoint 1 was signed",
        f"entry {entry(memo, 3).pk}: it was rewritten after checkpoint 1 was signed",
    ]


def test_a_checkpoint_cannot_be_made_to_fit(memo):
    sign_checkpoint()
    rewrite_consistently(memo, 2)

    as_superuser(
        "UPDATE b2b_journalcheckpoint SET digest = (SELECT sha256(string_agg(hash, ''::bytea ORDER BY id))"
        " FROM b2b_journalentry)"
    )

    assert [str(finding) for finding in verify()] == ["checkpoint 1: its signature does not cover what it says"]


def test_a_removed_checkpoint_is_missed_by_the_next(memo):
    sign_checkpoint()
    memo.submit(actor=acting(memo, "buyer"))
    sign_checkpoint()

    as_superuser("DELETE FROM b2b_journalcheckpoint WHERE number = 1")

    assert "checkpoint 2: it does not continue the checkpoint before it" in [str(finding) for finding in verify()]


def test_a_checkpoint_covers_each_entry_once_and_nothing_twice(memo):
    first = sign_checkpoint()
    memo.submit(actor=acting(memo, "buyer"))
    second = sign_checkpoint()

    assert (first.number, first.count, second.number, second.count) == (1, 3, 2, 1)
    assert sign_checkpoint() is None
    assert JournalCheckpoint.objects.count() == 2


def test_the_command_names_what_it_found_and_fails(memo, capsys):
    call_command("verify_journal")
    assert capsys.readouterr().out == "3 entries and 0 checkpoints are as they were written.\n"

    as_superuser("UPDATE b2b_journalentry SET reason = 'Fine.' WHERE id = %s", entry(memo, 3).pk)
    with pytest.raises(CommandError, match="The journal is not as it was written: 1 findings"):
        call_command("verify_journal")
    assert "its content is not what was written" in capsys.readouterr().err
