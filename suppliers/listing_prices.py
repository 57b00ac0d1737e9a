"""Uploaded prices: into a draft price list, or into one for each currency, customer and kind they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from rapidfuzz import fuzz, process

from b2b.clock import database_now
from b2b.errors import Fault
from b2b.models import Organisation
from b2b.policy import Actor
from b2b.uploads.drift import Drifted
from b2b.uploads.format import Act, Candidate
from b2b.uploads.models import UploadRow
from b2b.uploads.register import Register, There
from suppliers import price_days, price_rows
from suppliers.filling_lists import Lists
from suppliers.item_numbers import Numbers
from suppliers.models import Price, PriceList, Product
from suppliers.models.price import Scope, outside_sentence, rise_remark
from suppliers.models.rises import Market, Tier, any_limits, rises_of
from suppliers.placing_prices import Placing, Terms, open_lists, span_of, terms_of, unused_key
from suppliers.price_days import Days, Span
from suppliers.price_units import Kept, Measured, NoWay, conversions, measured

ONE = Decimal(1)
SUGGESTED = 3
DAYS = ("valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class Group:
    """The prices some rows are among: ``list_id`` is of the list named, or of the one they may make."""

    terms: Terms
    list_id: UUID
    market: Market


@dataclass(frozen=True, slots=True)
class Meant:
    """What a row stands for."""

    group: Group
    product_id: UUID
    price: Measured
    span: Span


class PriceSession(Register):
    model = Price
    fields: ClassVar = {
        "sku": "product_id",
        "min_quantity": "min_quantity",
        "unit_price": "unit_price",
        "price_base_quantity": "price_base_quantity",
        "valid_from": "valid_from",
        "valid_until": "valid_until",
    }
    insertion = price_rows.INSERT
    key_field = "product__sku"
    versioned = False
    deletes_missing = True

    def owned(self) -> QuerySet[Price]:
        if self.target is not None:
            return Price.objects.filter(price_list=self.target)
        return Price.objects.filter(price_list__supplier_id=self.upload.organisation_id)

    # --- What a row stands for --------------------------------------------------------------------------
    def review(self, rows: Sequence[Candidate]) -> None:
        numbers = {row.row["sku"] for row in rows}
        own = Product.objects.filter(supplier_id=self.upload.organisation_id, sku__in=numbers)
        read = own.values_list("sku", "pk", "unit", "packages")
        self.products = {sku: Kept(key, unit, packages) for sku, key, unit, packages in read}
        self.meant: dict[int, Meant] = {}
        super().review(rows)
        self._remark_rises(rows)

    def key_of(self, row: Candidate) -> str:
        kept = self.products.get(row.row["sku"])
        if kept is None:
            self._unknown(row)
        said = self._measured(row, kept) if kept else None
        group = self._group(row)
        tier = said.tier if said else row.row["min_quantity"] or ONE
        key = f"{row.row['sku']} / {tier.normalize():f}"
        if group is None or kept is None or said is None:
            return key
        span = self._span_of(row)
        self.meant[row.number] = Meant(group, kept.product_id, said, span)
        own = () if self.target is not None and span.begins == self.target.valid_from else (span.begins.isoformat(),)
        return " / ".join((key, *own) if self.target is not None else (key, *own, str(group.list_id)))

    def _measured(self, row: Candidate, kept: Kept) -> Measured | None:
        """What the row says, in the unit the item is kept in."""
        try:
            found = measured(row.row, kept)
        except NoWay as found_none:
            at = found_none.column if found_none.column in row.places else "unit_price"
            row.fault(at, found_none.code, found_none.detail)
            return None
        row.conversions = sorted([*row.conversions, *conversions(row, kept, found)], key=lambda one: one.column)
        return found

    def _span_of(self, row: Candidate) -> Span:
        if self.target is not None:
            begins, ends = span_of(self.target).begins, span_of(self.target).ends
        else:
            begins, ends = self.upload.created_at.date(), None
        return Span(row.row["valid_from"] or begins, row.row["valid_until"] or ends)

    def _unknown(self, row: Candidate) -> None:
        detail = gettext("Your catalogue has no item of this number.")
        row.fault("sku", "unknown-product", detail, suggestions=self.numbers.like(row.row["sku"]))

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.upload.organisation_id)

    def _group(self, row: Candidate) -> Group | None:
        return self._own_group(row) if self.target is None else self._target_group(row)

    def _target_group(self, row: Candidate) -> Group | None:
        """The target's, unless the row says something else than the target."""
        said, target = row.row, self.target
        named = {"scope": said["scope"]} if said["scope"] is not None else {}
        named["currency"] = said["currency"] or self.upload.currency or target.currency
        differing = [name for name, value in named.items() if value != getattr(target, name)]
        if said["customer"] is not None and self._customer(said["customer"]) != target.buyer_id:
            differing.append("customer")
        for name in differing:
            detail = gettext("The price list says otherwise: %(value)s. Leave the cell blank or choose another list.")
            value = str(_shown(target, name) or "—")
            row.fault(
                name, "differs-from-list", detail % {"value": value}, suggestions=(value,) if value != "—" else ()
            )
        outside = [name for name in DAYS if not self._is_within(said[name])]
        for name in outside:
            row.fault(name, "price-outside-list", outside_sentence(target))
        return None if differing or outside else self._of_target

    def _is_within(self, day: date | None) -> bool:
        return day is None or span_of(self.target).holds(Span(day, day))

    @cached_property
    def _of_target(self) -> Group:
        return Group(terms_of(self.target), self.target.pk, self.target.market)

    # --- Groups without a target ---------------------------------------------------------------------------
    def _own_group(self, row: Candidate) -> Group | None:
        said = row.row
        currency = said["currency"] or self.upload.currency
        buyer_id = self._customer(said["customer"]) if said["customer"] is not None else None
        if not currency:
            detail = gettext("Say the currency in this cell, or one for all rows among the columns or on sending.")
            row.fault("currency", "currency-missing", detail)
        if said["customer"] is not None and buyer_id is None:
            detail = gettext("There is no customer of this name on the platform, or more than one.")
            row.fault("customer", "unknown-customer", detail, suggestions=self._customers_like(said["customer"]))
        if self._ends_before_the_upload(row):
            detail = gettext("It ends before the day of the upload. Say from which day on the price is valid.")
            row.fault("valid_from", "ends-before-it-begins", detail)
        if row.faults:
            return None
        terms = Terms(currency, buyer_id, said["scope"] or Scope.STANDARD.value)
        if terms not in self.groups:
            market = Market(self.upload.organisation_id, currency, terms.scope, buyer_id)
            self.groups[terms] = Group(terms, unused_key(self.upload, str(terms)), market)
        return self.groups[terms]

    def _ends_before_the_upload(self, row: Candidate) -> bool:
        ends = row.row["valid_until"]
        return row.row["valid_from"] is None and ends is not None and ends < self.upload.created_at.date()

    @cached_property
    def groups(self) -> dict[Terms, Group]:
        return {}

    @cached_property
    def lists(self) -> dict[UUID, PriceList]:
        """Those whose prices the rows may name, best first."""
        if self.target is not None:
            return {self.target.pk: self.target}
        return {one.pk: one for one in open_lists(self.upload.organisation_id)}

    def _customer(self, name: str) -> UUID | None:
        found = self.customers.get(name.casefold().strip(), ())
        return next(iter(found)) if len(found) == 1 else None

    def _customers_like(self, name: str) -> tuple[str, ...]:
        close = process.extract(
            name.casefold(), self.customers.keys(), scorer=fuzz.WRatio, score_cutoff=70, limit=SUGGESTED
        )
        keys = [next(iter(self.customers[found])) for found, *_ in close]
        names = dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))
        return tuple(names[key] for key in dict.fromkeys(keys))

    @cached_property
    def customers(self) -> dict[str, set[UUID]]:
        found: dict[str, set[UUID]] = defaultdict(set)
        buyers = Organisation.objects.filter(is_buyer=True)
        for key, *names in buyers.values_list("pk", "name", "native_name").iterator():
            for name in filter(None, names):
                found[name.casefold()].add(key)
        return found

    # --- Comparing --------------------------------------------------------------------------------------------
    def existing(self, keys: Sequence[str]) -> dict[str, There]:
        """A price is known by the day it begins; of lists that have such, the best is meant."""
        terms = {meant.group.terms for meant in self.meant.values()}
        lists = [key for key, one in self.lists.items() if terms_of(one) in terms]
        found = Price.objects.filter(
            price_list_id__in=lists, product_id__in={meant.product_id for meant in self.meant.values()}
        )
        names = ("id", "price_list_id", *self.fields.values())
        by_tier: dict[tuple[Terms, UUID, Decimal, date], There] = {}
        rank = {key: place for place, key in enumerate(self.lists)}
        for row in sorted(found.values(*names).iterator(), key=lambda row: rank[row["price_list_id"]]):
            listed = self.lists[row["price_list_id"]]
            begins = row["valid_from"] or listed.valid_from
            by_tier.setdefault((terms_of(listed), row["product_id"], row["min_quantity"], begins), row)
        self.known = {
            number: by_tier.get((meant.group.terms, meant.product_id, meant.price.tier, meant.span.begins))
            for number, meant in self.meant.items()
        }
        return {}

    def _compare(self, row: Candidate, there: There | None) -> None:
        if row.faults:
            self.judge(row, None, ("unit_price",))
            return
        known = self.known[row.number]
        ends = self._ends_of(known) if known else None
        if known and row.row["valid_until"] is not None and row.row["valid_until"] != ends:
            row.remark = _replacing(ends)
            known = None
        super()._compare(row, known)

    def _ends_of(self, there: There) -> date | None:
        ends: date | None = there["valid_until"] or self.lists[there["price_list_id"]].valid_until
        return ends

    def values_of(self, row: Candidate, there: There | None) -> Mapping[str, Any]:
        """Of a price that is there its days are known already; an end that is blank is told by all rows together."""
        meant = self.meant[row.number]
        values = {
            "product_id": meant.product_id,
            "min_quantity": meant.price.tier,
            "unit_price": meant.price.unit_price,
            "price_base_quantity": meant.price.base,
        }
        if there is not None:
            return values
        group, span = meant.group, meant.span
        placed = {"price_list_id": group.list_id, "terms": str(group.terms)}
        return placed | values | {"begins": span.begins, "ends": span.ends}

    def judge(self, row: Candidate, there: There | None, differing: Sequence[str]) -> None:
        if "unit_price" in differing and not row.row["unit_price"]:
            detail = gettext("A price of 0 would give the item away. Write the price, or leave the row out.")
            row.fault("unit_price", "price-zero", detail)

    def _remark_rises(self, rows: Sequence[Candidate]) -> None:
        if not self.limits:
            return
        by_market: dict[Market, list[Candidate]] = defaultdict(list)
        for row in rows:
            if not row.faults:
                by_market[self.meant[row.number].group.market].append(row)
        for market, some in by_market.items():
            for rise in rises_of([self._tier(row) for row in some], market, on=database_now().date()):
                if some[rise.place].outcome != "unchanged":
                    some[rise.place].remark = rise_remark(rise)

    @cached_property
    def limits(self) -> bool:
        return any_limits()

    def _tier(self, row: Candidate) -> Tier:
        meant = self.meant[row.number]
        price, span = meant.price, meant.span
        return Tier(meant.product_id, price.tier, price.unit_price, price.base, begins=span.begins, ends=span.ends)

    # --- What all rows together tell ----------------------------------------------------------------------------
    def settle(self) -> None:
        """Where prices end that do not say it, and which lists the rows go into."""
        heading = self.sheet.columns["valid_until"].here
        days = Days(self.upload, ends=self.target.valid_until if self.target is not None else None)
        days.end_open_prices(heading)
        days.mark_overlapping(heading)
        if self.target is None:
            Placing(self.upload, days).place()

    def at_odds_with(self, row: UploadRow) -> QuerySet[UploadRow]:
        return price_days.overlapping(self.upload, row.number)

    def missing(self) -> Any:
        return None if self.target is None else super().missing()

    def label(self) -> Any:
        """An item may have many prices: its name, the quantity from which on, and the price."""
        return price_rows.LABEL

    def delist(self) -> int:
        """Stage what leaves the lists: prices others take the place of, and what is missing from a list that was named.

        The latter not while rows have faults, as what those stand for would seem to be missing.
        """
        replaced = price_rows.stage_replaced(self.upload.pk)
        if self.target is None or self.upload.rows.filter(outcome="faulty").exists():
            return replaced
        return replaced + price_rows.stage_missing(self.upload.pk, self.target.pk)

    # --- Coming into force ------------------------------------------------------------------------------------------
    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        """What leaves goes first, of all the upload: what comes may take its place in any portion."""
        lists = Lists(self.upload, actor)
        lists.make({UUID(act.after["price_list_id"]) for act in acts if act.outcome == "new" and act.after})
        is_first = self.upload.applied_through < 0
        last = price_rows.LAST if is_first else acts[-1].number
        lists.touch(price_rows.lists_of(self.upload.pk, acts[0].number, last) if is_first else self._lists_of(acts))
        if is_first and (gone := price_rows.delete_missing(self.upload.pk)):
            raise Drifted(faults=[_gone_on(number) for number in gone])
        super().apply(acts, actor=actor)

    def _lists_of(self, acts: Sequence[Act]) -> list[UUID]:
        return price_rows.lists_of(self.upload.pk, acts[0].number, acts[-1].number)

    def take_back(self, acts: Sequence[Act], *, actor: Actor) -> None:
        lists = Lists(self.upload, actor)
        if lists.have_gone_on():
            raise Drifted(faults=[_gone_on(act.number) for act in acts])
        super().take_back(acts, actor=actor)
        price_rows.restore_missing(self.upload.pk, acts[0].number, acts[-1].number)
        if not self.upload.rows.acting().filter(number__lt=acts[0].number).exists():
            self._restore()
            lists.give_back()

    def _restore(self) -> None:
        """Behind the last portion all places are free again but those somebody else took."""
        price_rows.restore_missing(self.upload.pk, 0, price_rows.LAST)
        if taken := price_rows.not_restored(self.upload.pk):
            raise Drifted(faults=[_gone_on(number) for number in taken])

    def dependents(self) -> Iterable[Fault]:
        yield from super().dependents()
        for one in Lists(self.upload, self.reviewer).gone_on():
            detail = gettext("The price list %(list)s is “%(state)s” now.")
            said = {"list": str(one), "state": one.get_state_display()}
            yield Fault("#/price_lists", "gone-on-since", detail % said)

    # --- For people ---------------------------------------------------------------------------------------------------
    def labels(self, acts: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, str]]:
        keys = {act["product_id"] for act in acts if act.get("product_id")}
        named = Product.objects.filter(pk__in=keys).values_list("pk", "sku")
        return {"product_id": {str(key): sku for key, sku in named}}

    def heading_of(self, column: str) -> str:
        return super().heading_of({"product_id": "sku", "ends": "valid_until"}.get(column, column))


def _shown(target: PriceList, name: str) -> Any:
    if name == "customer":
        return target.buyer
    return target.get_scope_display() if name == "scope" else getattr(target, name)


def _replacing(ends: date | None) -> str:
    if ends is None:
        return gettext("Takes the place of the price that had no end.")
    return gettext("Takes the place of the price that was valid until %(day)s.") % {"day": ends}


def _gone_on(number: int) -> Fault:
    detail = gettext("Row %(row)s: the price list has gone on since.") % {"row": number}
    return Fault(f"#/rows/{number}", "gone-on-since", detail)
