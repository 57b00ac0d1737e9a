"""Finding documents by a piece of text."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q


def matching_text(text: str, *columns: str) -> Q:
    """The text stands anywhere in one of the columns, in any case."""
    return reduce(or_, (Q(**{f"{column}__icontains": text}) for column in columns))
