from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from b2b.rows import FEW, insert
from tests.factories.sample import MemoFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db


def memos(count: int) -> list[Memo]:
    like = MemoFactory()
    return [Memo(buyer_id=like.buyer_id, text=f"Buy {place}.") for place in range(count)]


@pytest.mark.parametrize("count", [0, 1, 3, FEW + 1])
def test_new_rows_are_all_written_with_what_they_say(count, django_assert_max_num_queries):
    new = memos(count)

    with django_assert_max_num_queries(1):
        insert(new)

    found = Memo.objects.in_bulk([memo.pk for memo in new])
    assert {memo.pk: memo.text for memo in new} == {key: memo.text for key, memo in found.items()}
    assert not any(memo._state.adding for memo in new)


@pytest.mark.parametrize("count", [2, FEW + 1])
def test_a_row_that_is_there_gets_the_named_columns_only(count):
    new = memos(count)
    insert(new[1:])
    for memo in new:
        memo.text, memo.version = "Buy all.", 7

    insert(new, updating=["text"])

    found = Memo.objects.filter(pk__in=[memo.pk for memo in new]).order_by("pk").values_list("text", "version")
    assert list(found) == [("Buy all.", 7), *[("Buy all.", 0)] * (count - 1)]


def test_a_row_that_is_there_is_not_written_over_unasked():
    (memo,) = memos(1)
    insert([memo])
    memo.text = "Buy all."

    with pytest.raises(IntegrityError), transaction.atomic():
        insert([memo])

    assert Memo.objects.get(pk=memo.pk).text == "Buy 0."
