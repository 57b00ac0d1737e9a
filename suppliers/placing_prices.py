"""Which list uploaded prices go into, where none was named: one for each currency, customer and kind.

Rows that name prices which are there belong to their lists. The others go into such a list where they fit its days,
into one with exactly their days, or into a new one from the first of their days to the last. What does not fit beside
the rest makes all of them the next draft, as a list is published whole; so does any change of a frozen list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import PurePath
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.uploads.models import Upload
from b2b.uploads.told import told
from suppliers.models import PriceList
from suppliers.price_days import Days, Home, Span


class Terms(NamedTuple):
    """What the prices of one list have alike, besides its days."""

    currency: str
    buyer_id: UUID | None
    scope: str

    def __str__(self) -> str:
        return "|".join((self.currency, str(self.buyer_id or ""), self.scope))


def terms_of(price_list: PriceList) -> Terms:
    return Terms(price_list.currency, price_list.buyer_id, price_list.scope)


def span_of(price_list: PriceList) -> Span:
    return Span(price_list.valid_from, price_list.valid_until)


def open_lists(supplier_id: UUID) -> list[PriceList]:
    """A supplier's lists that are not withdrawn, drafts before the others and the latest first."""
    lists = PriceList.objects.filter(supplier_id=supplier_id).exclude(state="withdrawn").select_related("buyer")
    return sorted(lists, key=lambda one: (one.state == "draft", one.pk), reverse=True)


def side_by_side(lists: Iterable[PriceList]) -> list[PriceList]:
    """Those one table can hold: of the same days the draft, of days that meet the one in force, else the latest."""
    by_days: dict[tuple[Terms, Span], list[PriceList]] = defaultdict(list)
    for one in lists:
        by_days[terms_of(one), span_of(one)].append(one)
    ranked = sorted(by_days.values(), key=lambda same: all(one.state == "draft" for one in same))
    taken: list[PriceList] = []
    for best, *_others in ranked:
        if not any(terms_of(one) == terms_of(best) and span_of(one).meets(span_of(best)) for one in taken):
            taken.append(best)
    return sorted(taken, key=lambda one: (str(terms_of(one)), one.valid_from))


def unused_key(upload: Upload, name: str) -> UUID:
    """The key of a list an upload may make; another where it made one before that was withdrawn."""
    key = uuid5(upload.pk, name)
    while PriceList.objects.filter(pk=key).exists():
        key = uuid5(upload.pk, f"again|{key}")
    return key


def _make_room(published: PriceList, begins: date) -> str:
    """How a list that is in force lets one begin on the day."""
    before = begins - timedelta(days=1)
    said = {"other": str(published)[:60], "day": before}
    if published.no_last_day(before, today=database_now().date()) is None:
        return gettext("End %(other)s on %(day)s before you publish: its validity overlaps.") % said
    return gettext("Withdraw %(other)s before you publish: its validity overlaps.") % said


class Placing:
    """The lists of one upload; ``basis["lists"]`` keeps what those that are to be made are made of."""

    def __init__(self, upload: Upload, days: Days) -> None:
        self.upload, self.days = upload, days

    @cached_property
    def there(self) -> dict[UUID, PriceList]:
        return {one.pk: one for one in open_lists(self.upload.organisation_id)}

    @cached_property
    def nexts(self) -> dict[UUID, PriceList]:
        """By the key of the draft that would follow it: the lists that are frozen."""
        frozen = (one for one in self.there.values() if one.state != "draft")
        return {unused_key(self.upload, f"after|{one.pk}"): one for one in frozen}

    def place(self) -> None:
        self.ends = dict(self._endings())
        for terms, homes in self._by_terms().items():
            self._place(terms, homes)
        for homes in self._by_terms().values():
            for home in homes:
                self._thaw(home)
        self._keep([self._facts(home) for homes in self._by_terms().values() for home in homes])

    def _by_terms(self) -> dict[str, list[Home]]:
        found: dict[str, list[Home]] = defaultdict(list)
        for home in self.days.homes():
            found[home.terms].append(home)
        return found

    def _frame(self, home: Home) -> PriceList | None:
        """The list whose days hold: itself, or the frozen one it follows."""
        return self.there.get(home.list_id) or self.nexts.get(home.list_id)

    # --- Which lists end ------------------------------------------------------------------------------------
    def _endings(self) -> Iterator[tuple[UUID, date]]:
        """The published lists whose prices the file lets end on one day, and otherwise leaves as they are."""
        told = {terms for terms, homes in self._by_terms().items() if any(home.acting for home in homes)}
        for one in self.there.values():
            if one.state != "published" or str(terms_of(one)) not in told:
                continue
            day = self.days.last_day(one.pk)
            if day is not None and self._may_end(one, day):
                remark = gettext("Ends the published price list %(list)s on %(day)s.")
                self.days.let_end(one.pk, day, remark=remark % {"list": str(one)[:60], "day": day})
                yield one.pk, day

    def _may_end(self, one: PriceList, day: date) -> bool:
        """Not where a draft has the same days: then the file is about that."""
        if one.no_last_day(day, today=database_now().date()) is not None:
            return False
        alike = (each for each in self.there.values() if each.pk != one.pk and terms_of(each) == terms_of(one))
        return not any(span_of(each).meets(Span(one.valid_from, day)) for each in alike)

    def _span(self, one: PriceList) -> Span:
        """Its days once the file is applied."""
        return Span(one.valid_from, self.ends.get(one.pk, one.valid_until))

    # --- Where rows go ----------------------------------------------------------------------------------
    def _place(self, terms: str, homes: Sequence[Home]) -> None:
        framed = [(home, frame) for home in homes if (frame := self._frame(home)) is not None]
        loose = [home for home in homes if self._frame(home) is None]
        if not all(self._span(frame).holds(home.span) for home, frame in framed):
            self._gather(terms, homes)
            return
        for home in loose:
            into = self._room_for(terms, home, framed)
            if into is not None:
                self.days.gather(home.list_id, into)
            elif any(self._span(frame).meets(home.span) for _home, frame in framed):
                self._gather(terms, homes)
                return

    def _room_for(self, terms: str, home: Home, framed: Sequence[tuple[Home, PriceList]]) -> UUID | None:
        """Where some new rows can go besides a list of their own."""
        if framed:
            fitting = [(one.list_id, frame) for one, frame in framed if self._span(frame).holds(home.span)]
        else:
            alike = (one for one in self.there.values() if str(terms_of(one)) == terms)
            fitting = [(one.pk, one) for one in alike if span_of(one) == home.span]
        ranked = sorted(fitting, key=lambda one: one[1].state == "draft", reverse=True)
        return next((key for key, one in ranked if self.days.has_way(home.list_id, one.pk)), None)

    def _gather(self, terms: str, homes: Sequence[Home]) -> None:
        fresh = unused_key(self.upload, terms)
        for home in homes:
            if home.list_id != fresh:
                self.days.gather(home.list_id, fresh)

    def _thaw(self, home: Home) -> None:
        """Prices in force stay as they are: where the file changes any, all of its part becomes the next draft."""
        frame = self.there.get(home.list_id)
        if frame is not None and frame.state != "draft" and home.acting and frame.pk not in self.ends:
            self.days.gather(home.list_id, next(key for key, one in self.nexts.items() if one.pk == frame.pk))

    # --- What lists are made of -----------------------------------------------------------------------------
    def _facts(self, home: Home) -> tuple[str, dict[str, Any]] | None:
        if home.list_id in self.there:
            return None
        currency, buyer, scope = home.terms.split("|")
        frame = self.nexts.get(home.list_id)
        span = span_of(frame) if frame else home.span
        if frame is None:
            self._remark(home)
        return str(home.list_id), {
            "currency": currency,
            "buyer_id": buyer or None,
            "scope": scope,
            "valid_from": told(span.begins),
            "valid_until": told(span.ends),
            "name": frame.name if frame else f"{PurePath(self.upload.filename).stem[:100]} {currency}",
        }

    def _remark(self, home: Home) -> None:
        """That a published list has to make room before this one can be published."""
        for one in self.there.values():
            if one.state == "published" and str(terms_of(one)) == home.terms and self._span(one).meets(home.span):
                self.days.remark(home.list_id, _make_room(one, home.span.begins))
                return

    def _keep(self, facts: Iterable[tuple[str, dict[str, Any]] | None]) -> None:
        ends = {str(key): day.isoformat() for key, day in self.ends.items()}
        basis = {**(self.upload.basis or {}), "lists": dict(filter(None, facts)), "ends": ends}
        if basis != self.upload.basis:
            self.upload.basis = basis
            Upload.objects.filter(pk=self.upload.pk).update(basis=basis)
