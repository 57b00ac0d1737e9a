"""Who is meant by a bidder's name in a table, and how bidders of one name are told apart."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext

from b2b.models import Organisation
from procurement.models import RequestForQuotation
from quotations.tabulation.bidders import canonical
from suppliers.models import Identifier

_BETWEEN = re.compile(r"[\s.\-/]")


class Bidders:
    """Who may have bid, by the names and numbers a tabulation calls them by."""

    def __init__(self, rfq: RequestForQuotation) -> None:
        self._named: dict[str, list[Organisation]] = defaultdict(list)
        for one in Organisation.objects.suppliers().exclude(pk=rfq.buyer_id):
            self._named[canonical(one.name)].append(one)
        self._asked = set(rfq.quotations.values_list("supplier_id", flat=True))

    def called(self, name: str, number: str | None) -> Sequence[Organisation]:
        """Of namesakes the one with the number; without it those who were asked or answered, then who is written so."""
        found = self._named.get(canonical(name), [])
        if number:
            return [one for one in found if one.pk in self._numbered[_compact(number)]]
        if len(found) > 1:
            found = [one for one in found if one.pk in self._asked] or found
        if len(found) > 1:
            found = [one for one in found if one.name == name] or found
        return found

    def is_named(self, name: str) -> bool:
        return canonical(name) in self._named

    @cached_property
    def _numbered(self) -> Mapping[str, set[UUID]]:
        """With and without the country before it."""
        found: dict[str, set[UUID]] = defaultdict(set)
        numbers = Identifier.objects.values_list("country", "value", "profile__supplier_id")
        for country, value, supplier_id in numbers.iterator():
            found[_compact(value)].add(supplier_id)
            found[_compact(country + value)].add(supplier_id)
        return found


def _compact(number: str) -> str:
    return _BETWEEN.sub("", number).upper()


def misnamed(found: Sequence[Organisation], *, numbered: bool) -> tuple[str, str, str]:
    """Column, code and sentence of what does not mean one supplier; ``numbered`` where only the number is wrong."""
    if found:
        return (
            "bidder",
            "supplier-ambiguous",
            gettext(
                "Several suppliers have this name. Write the registration number of the one that is meant beside it."
            ),
        )
    if numbered:
        detail = gettext("No supplier of this name has this registration number.")
        return "bidder_number", "unknown-number", detail
    return "bidder", "unknown-supplier", gettext("No supplier is registered under this name.")


def numbers_of_namesakes(names: Mapping[UUID, str]) -> Mapping[UUID, str]:
    """A registration number of each of these suppliers whose name another of them has, where they gave one."""
    spelt = Counter(map(canonical, names.values()))
    shared = [key for key, name in names.items() if spelt[canonical(name)] > 1]
    numbers = Identifier.objects.filter(profile__supplier__in=shared).order_by("-scheme", "-country")
    found = numbers.values_list("profile__supplier_id", "country", "value")
    return {key: value if value.startswith(country) else country + value for key, country, value in found}
