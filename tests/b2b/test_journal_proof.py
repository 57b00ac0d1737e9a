"""A case's journal can be verified by somebody who has nothing of ours but the file."""

from __future__ import annotations

import json

import pytest

from b2b.journal import sign_checkpoint
from b2b.journal.proof import proof, verify_proof
from tests.b2b.test_workflow import acting
from tests.factories.sample import MemoFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def given() -> dict:
    memo, other = MemoFactory(), MemoFactory()
    memo.submit(actor=acting(memo, "buyer"))
    sign_checkpoint()
    memo.refuse(actor=acting(memo, "buying_manager"), reason="太多螺栓。")
    other.submit(actor=acting(other, "buyer"))
    sign_checkpoint()
    return json.loads(json.dumps(proof([memo])))


def problems(given: dict) -> list[str]:
    return [finding.problem for finding in verify_proof(given)]


def test_a_proof_holds_the_case_and_agrees_with_its_signatures(given):
    assert len(given["entries"]) == 3
    assert [checkpoint["number"] for checkpoint in given["checkpoints"]] == [1, 2]
    assert problems(given) == []


def test_a_proof_tells_nothing_of_other_documents(given):
    told = json.dumps(given["entries"])

    assert "memo" in told
    assert all(set(checkpoint["hashes"][0][1]) <= set("0123456789abcdef") for checkpoint in given["checkpoints"])
    assert sum(len(checkpoint["hashes"]) for checkpoint in given["checkpoints"]) == 5


def test_a_changed_word_is_found(given):
    given["entries"][2]["text"] = given["entries"][2]["text"].replace("太多", "太少")

    assert problems(given) == ["its content is not what was written"]


def test_a_left_out_entry_is_found(given):
    del given["entries"][1]

    assert problems(given) == ["it does not continue the entry before it"]


def test_an_entry_no_checkpoint_covers_is_named(given):
    del given["checkpoints"][1]

    assert problems(given) == ["no checkpoint covers it"]


def test_a_checkpoint_that_was_touched_is_found(given):
    given["checkpoints"][0]["count"] = 7

    assert problems(given) == ["its signature does not cover what it says"]


def test_a_proof_signed_by_somebody_else_is_not_ours(given):
    assert [f.subject for f in verify_proof(given, trusted_key="AAAA")] == ["public key"]
    assert verify_proof(given, trusted_key=given["public_key"]) == []
