"""Which supplier a text in a table means: by name, name in its own script, or a number of a public register."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from uuid import UUID

from django.db.models.functions import Lower

from b2b.models import Organisation
from suppliers.models import Identifier

PUNCTUATION = re.compile(r"[\s.\-/]")
MOST_ALIKE = 3
SEARCHED = 50
LONGEST_SEARCH = 20
"""Unknown names for which suggestions are looked up; a file in which more are unknown names something else."""


@dataclass(frozen=True, slots=True)
class Named:
    """The organisations a text may mean; where there is none, names that look like it."""

    found: tuple[Organisation, ...] = ()
    alike: tuple[str, ...] = ()

    @property
    def one(self) -> Organisation | None:
        return self.found[0] if len(self.found) == 1 else None


def named_suppliers(texts: Collection[str], *, buyer_id: UUID) -> Mapping[str, Named]:
    """For each text, in a few statements whatever their number."""
    known = Organisation.objects.suppliers().exclude(pk=buyer_id)
    spelt: dict[str, dict[UUID, Organisation]] = defaultdict(dict)
    wanted = {_folded(text) for text in texts}
    for column in ("name", "native_name"):
        for one in known.annotate(spelling=Lower(column)).filter(spelling__in=wanted):
            spelt[_folded(getattr(one, column))][one.pk] = one
    numbers = Identifier.objects.filter(
        value__in={_compact(text) for text in texts}, profile__state="published", profile__supplier__in=known
    ).select_related("profile__supplier")
    numbered: dict[str, dict[UUID, Organisation]] = defaultdict(dict)
    for number in numbers:
        numbered[number.value][number.profile.supplier_id] = number.profile.supplier
    found = {text: tuple((spelt[_folded(text)] | numbered[_compact(text)]).values()) for text in texts}
    unknown = [text for text, organisations in found.items() if not organisations][:LONGEST_SEARCH]
    alike = {text: _alike(text, known) for text in unknown}
    return {text: Named(organisations, alike.get(text, ())) for text, organisations in found.items()}


def _alike(text: str, known: object) -> tuple[str, ...]:
    """Names that begin as the text does, the likest first."""
    start = text.split(maxsplit=1)[0][:4]
    names = list(
        known.filter(name__istartswith=start).values_list("name", flat=True)[:SEARCHED]  # type: ignore[attr-defined]
    )
    return tuple(get_close_matches(text, names, n=MOST_ALIKE, cutoff=0.5))


def _folded(text: str) -> str:
    return " ".join(text.split()).lower()


def _compact(text: str) -> str:
    return PUNCTUATION.sub("", text).upper()
