from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet, Value

from b2b.compiled import NotCompilable, compiled
from b2b.models import Organisation
from b2b.policy import CLOCK, Actor
from b2b.workflow.document import documents
from b2b.workflow.seen import among, likeness, looked_for
from tests.factories.sample import MemoFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db

ACTORS = {
    "nobody in particular": None,
    "the clock": CLOCK,
    "a buyer": Actor(uuid4(), uuid4(), frozenset({"buyer"})),
    "an auditor of the platform": Actor(uuid4(), uuid4(), frozenset({"auditor"}), platform=True),
}


@compiled
def memos_of(buyer_id: UUID) -> QuerySet[Memo]:
    return Memo.objects.filter(buyer_id=buyer_id).select_related("buyer").order_by("text")


@compiled
def texts(buyer_id: UUID, text: str, *, newest_first: bool) -> QuerySet[Any, str]:
    found = Memo.objects.filter(buyer_id=buyer_id).exclude(text=text)
    return found.order_by("-pk" if newest_first else "pk").values_list("text", flat=True)


@compiled
def held(key: UUID) -> QuerySet[Memo]:
    return Memo.objects.filter(pk=key).select_for_update()


def test_a_kept_query_finds_what_the_same_query_would_find_put_together_anew(django_assert_num_queries):
    mine, other = MemoFactory(text="Buy nuts."), MemoFactory()
    MemoFactory(text="Buy bolts.", buyer=mine.buyer)
    memos_of(other.buyer_id)

    with django_assert_num_queries(1):
        found = memos_of(mine.buyer_id)
        named = [(memo.text, memo.buyer.name) for memo in found]

    assert named == [("Buy bolts.", mine.buyer.name), ("Buy nuts.", mine.buyer.name)]
    assert [memo.pk for memo in memos_of(other.buyer_id)] == [other.pk]
    assert memos_of(uuid4()) == []


def test_arguments_by_keyword_choose_between_queries_and_texts_are_values():
    memo = MemoFactory(text="Buy nuts.")
    MemoFactory(text="Buy bolts.", buyer=memo.buyer)

    assert texts(memo.buyer_id, "", newest_first=False) == ["Buy nuts.", "Buy bolts."]
    assert texts(memo.buyer_id, "", newest_first=True) == ["Buy bolts.", "Buy nuts."]
    assert texts(memo.buyer_id, "Buy nuts.", newest_first=True) == ["Buy bolts."]
    assert texts.first(memo.buyer_id, "Buy bolts.", newest_first=True) == "Buy nuts."


def test_rows_read_by_a_kept_query_are_each_times_own():
    memo = MemoFactory(text="Buy nuts.")

    (first,) = memos_of(memo.buyer_id)
    first.text = "Changed."
    Memo.objects.filter(pk=memo.pk).update(text="Buy bolts.")

    assert [again.text for again in memos_of(memo.buyer_id)] == ["Buy bolts."]


@pytest.mark.django_db(transaction=True)
def test_a_kept_query_holds_rows_in_a_transaction_only():
    memo = MemoFactory()
    with transaction.atomic():
        assert [found.pk for found in held(memo.pk)] == [memo.pk]

    with pytest.raises(transaction.TransactionManagementError):
        held(memo.pk)


def test_a_query_that_makes_something_of_its_values_is_refused():
    @compiled
    def by_name(name: str) -> QuerySet[Organisation]:
        return Organisation.objects.filter(name__icontains=name)

    @compiled
    def by_shape(name: str) -> QuerySet[Organisation]:
        return Organisation.objects.annotate(**{f"x{name}": Value(1)})

    @compiled
    def by_asking(key: UUID) -> QuerySet[Memo]:
        return Memo.objects.filter(pk__in=list(Organisation.objects.filter(pk=key).values_list("pk", flat=True)))

    for refused in (lambda: by_name("a"), lambda: by_shape("a"), lambda: by_asking(uuid4())):
        with pytest.raises(NotCompilable):
            refused()


def test_a_query_that_can_have_no_rows_asks_nothing(django_assert_num_queries):
    @compiled
    def nothing(key: UUID) -> QuerySet[Memo]:
        return Memo.objects.none().filter(pk=key)

    with django_assert_num_queries(0):
        assert nothing(uuid4()) == []


def test_values_computed_by_the_database_come_with_their_rows():
    @compiled
    def doubled(key: UUID) -> QuerySet[Memo]:
        return Memo.objects.filter(pk=key).annotate(next_version=F("version") + 1)

    memo = MemoFactory()

    assert [found.next_version for found in doubled(memo.pk)] == [memo.version + 1]


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("model", documents(), ids=lambda model: model._meta.label_lower)
def test_every_document_is_looked_for_as_its_own_rules_of_sight_say(model, who):
    @compiled
    def found(key: UUID, user_id: UUID | None, organisation_id: UUID | None, *, like: Actor | None) -> QuerySet[Any]:
        return among(model, like, user_id, organisation_id).filter(pk=key).values("pk")

    actor, key = ACTORS[who], uuid4()
    rows = model._default_manager.visible_to(actor) if actor else model._default_manager.all()
    found(key, *looked_for(key, actor)[1:], like=likeness(actor))
    expected = rows.filter(pk=key).values("pk").query
    if expected.is_empty():
        assert found(*looked_for(key, actor), like=likeness(actor)) == []
        return

    sql, parameters = found.asked(*looked_for(key, actor), like=likeness(actor))

    assert (sql, tuple(parameters)) == expected.get_compiler("default", connection).as_sql()
