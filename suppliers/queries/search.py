"""Products by what people type, the likeliest first.

What a product is found by stands in ``Product.search`` (``0002_product_search`` says what and why).
Every word asked for must be there. Where nothing is found, words may be beginnings and a Chinese
run may have one wrong character; where that finds nothing either, misspelt words are mended by the
likest words known to the catalogue.

The likeliest are those whose name or number *is* what was typed, then those that begin so, then by
PostgreSQL's ``ts_rank`` with the weights of the fields. Only the first ``POOL`` matches are ranked:
who asks for “bolt” among a million products narrows the question instead of reading page 41, and
the cost of a search stays the same however common its words are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchQueryField, SearchRank
from django.db import connection, models, transaction
from django.db.models import Case, F, QuerySet, Value, When

from suppliers.models import Product

POOL = 1_000
HEAD_POOL = 200
LONGEST_TEXT = 200
BY_LENGTH = 1
"""``ts_rank`` divides by 1 + log(length): of two products with the words, the one that says less besides is meant."""
LIKENESS = 0.35
MENDED_BY = 3


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Where a product stands among the matches; ``tier`` is 2 for exact, 1 for a beginning, 0 for words."""

    tier: int
    rank: float
    product_id: UUID


@dataclass(frozen=True, slots=True)
class Hits:
    """Matches, the likeliest first. ``mended`` is what was searched for instead, where words were mended."""

    ranked: Sequence[Hit]
    mended: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether there are more matches than were ranked."""
        return len(self.ranked) >= POOL


class Asked(SearchQuery):
    """A text query built by one of the database's own functions."""

    def __init__(self, function: str, *arguments: Any) -> None:
        models.Func.__init__(
            self, *(Value(one) for one in arguments), function=function, output_field=SearchQueryField()
        )
        self.invert = False

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        return models.Func.as_sql(self, compiler, connection, template="%(function)s(%(expressions)s)")


@transaction.atomic
def matching(text: str, products: QuerySet[Product]) -> Hits:
    """The products among ``products`` that ``text`` asks for; none where it holds nothing to search by."""
    _always_by_index()
    said = text[:LONGEST_TEXT]
    if found := _ranked(said, products, loose=False) or _ranked(said, products, loose=True):
        return Hits(found)
    mended = mend(said)
    return Hits(_ranked(mended, products, loose=True), mended) if mended else Hits([])


def _always_by_index() -> None:
    """Until this transaction ends, as the planner takes words for independent of each other.

    Believing them common together, it would read the whole table in the hope of meeting enough of them soon.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def _ranked(text: str, products: QuerySet[Product], *, loose: bool) -> list[Hit]:
    asked = Asked("suppliers_search_query", text, loose)
    rank = SearchRank(F("search"), asked, normalization=Value(BY_LENGTH))
    head = products.filter(search=Asked("suppliers_search_head", text)).annotate(tier=_tier(text), rank=rank)
    rest = products.filter(search=asked).annotate(tier=Value(0), rank=rank)
    found = [*_hits(rest, POOL), *_hits(head, HEAD_POOL)]
    best = {hit.product_id: hit for hit in found}
    return sorted(best.values(), reverse=True)


def _tier(text: str) -> Case:
    return Case(When(search=Asked("suppliers_search_exact", text), then=Value(2)), default=Value(1))


def _hits(products: QuerySet[Any], most: int) -> list[Hit]:
    rows = products.order_by().values_list("tier", "rank", "pk")[:most]
    return [Hit(*row) for row in rows]


def mend(text: str) -> str:
    """The text with unknown words replaced by the likest known ones; empty where there is nothing to replace."""
    words = _plain(text).split()
    unknown = {word: likest for word in words if _mendable(word) and (likest := _likest(word))}
    return " ".join(unknown.get(word, word) for word in words) if unknown else ""


def _plain(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT suppliers_search_plain(%s)", [text])
        return str(cursor.fetchone()[0])


def _mendable(word: str) -> bool:
    return word.isascii() and word.isalpha() and len(word) >= MENDED_BY


def _likest(word: str) -> str:
    """The known word most like this one by its trigrams; empty when the word is known or nothing is like it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_limit(%s)", [LIKENESS])
        cursor.execute(
            "SELECT word FROM suppliers_searchword WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT 1",
            [word, word],
        )
        row = cursor.fetchone()
    return row[0] if row and row[0] != word else ""


def suggested_names(text: str, products: QuerySet[Product], *, most: int) -> list[str]:
    """Names of products whose name or number begins with what is typed, the shortest first."""
    head = products.filter(search=Asked("suppliers_search_head", text[:LONGEST_TEXT])).order_by()
    names = set(head.values_list("name", flat=True)[:HEAD_POOL])
    return sorted(names, key=lambda name: (len(name), name))[:most]
