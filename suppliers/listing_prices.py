"""Uploaded prices: into a draft price list, or into one for each currency, customer, kind and validity they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import PurePath
from typing import Any, ClassVar
from uuid import UUID, uuid5

from django.db.models import QuerySet
from django.utils.translation import gettext
from rapidfuzz import fuzz, process

from b2b.clock import database_now
from b2b.errors import Fault
from b2b.models import Organisation
from b2b.policy import Actor
from b2b.uploads.drift import Drifted
from b2b.uploads.format import Act, Candidate
from b2b.uploads.register import Register, There
from b2b.uploads.told import told
from suppliers import price_rows
from suppliers.filling_lists import Lists
from suppliers.models import Price, PriceList, Product
from suppliers.models.price import Scope, rise_remark
from suppliers.models.rises import Market, Tier, any_limits, rises_of

ONE = Decimal(1)
SUGGESTED = 3
MOST_SUGGESTED_FOR = 50
"""Rows of one upload; after that many strange item numbers it is another catalogue."""
Terms = tuple[str, UUID | None, str, date, date | None]
"""Currency, customer, kind and validity: what the prices of one list have alike."""


@dataclass(frozen=True, slots=True)
class Group:
    """The list some rows belong to. ``facts`` are what it is made of where it is yet to be made."""

    list_id: UUID
    market: Market
    facts: Mapping[str, Any]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a row stands for."""

    group: Group
    product_id: UUID
    tier: Decimal


def terms_of(price_list: PriceList) -> Terms:
    return (
        price_list.currency, price_list.buyer_id, price_list.scope, price_list.valid_from, price_list.valid_until,
    )  # fmt: skip


def open_lists(supplier_id: UUID) -> dict[Terms, PriceList]:
    """A supplier's lists that are not withdrawn; of those with the same terms the draft, of drafts the latest."""
    lists = PriceList.objects.filter(supplier_id=supplier_id).exclude(state="withdrawn").select_related("buyer")
    ranked = sorted(lists, key=lambda one: (one.state == "draft", one.pk))
    return {terms_of(one): one for one in ranked}


class PriceSession(Register):
    model = Price
    fields: ClassVar = {
        "sku": "product_id",
        "min_quantity": "min_quantity",
        "unit_price": "unit_price",
        "price_base_quantity": "price_base_quantity",
    }
    key_field = "product__sku"
    label_field = "product__name"
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
        self.products = dict(own.values_list("sku", "pk"))
        self.meant: dict[int, Meant] = {}
        super().review(rows)
        self._remark_rises(rows)

    def key_of(self, row: Candidate) -> str:
        product_id = self.products.get(row.row["sku"])
        if product_id is None:
            self._unknown(row)
        group = self._group(row)
        tier = row.row["min_quantity"] or ONE
        key = f"{row.row['sku']} / {tier.normalize():f}"
        if group is None or product_id is None:
            return key
        self.meant[row.number] = Meant(group, product_id, tier)
        return key if self.target is not None else f"{key} / {group.list_id}"

    def _unknown(self, row: Candidate) -> None:
        self.strange += 1
        like = self._numbers_like(row.row["sku"]) if self.strange <= MOST_SUGGESTED_FOR else ()
        detail = gettext("Your catalogue has no item of this number.")
        row.fault("sku", "unknown-product", detail, suggestions=like)

    strange = 0

    def _numbers_like(self, number: str) -> tuple[str, ...]:
        own = Product.objects.filter(supplier_id=self.upload.organisation_id, sku__istartswith=number[:2])
        close = process.extract(
            number, list(own.values_list("sku", flat=True)[:5_000]), scorer=fuzz.ratio, score_cutoff=75, limit=SUGGESTED
        )
        return tuple(sku for sku, *_ in close)

    def _group(self, row: Candidate) -> Group | None:
        return self._own_group(row) if self.target is None else self._target_group(row)

    def _target_group(self, row: Candidate) -> Group | None:
        """The target's, unless the row says something else than the target."""
        said, target = row.row, self.target
        named = {name: said[name] for name in ("scope", "valid_from", "valid_until") if said[name] is not None}
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
        return None if differing else self._of_target

    @cached_property
    def _of_target(self) -> Group:
        return Group(self.target.pk, self.target.market, {})

    # --- Groups without a target ---------------------------------------------------------------------------
    def _own_group(self, row: Candidate) -> Group | None:
        said = row.row
        currency = said["currency"] or self.upload.currency
        buyer_id = self._customer(said["customer"]) if said["customer"] is not None else None
        if not currency:
            detail = gettext("Say the currency in this cell, or for the whole file when you send it.")
            row.fault("currency", "currency-missing", detail)
        if said["customer"] is not None and buyer_id is None:
            detail = gettext("There is no customer of this name on the platform, or more than one.")
            row.fault("customer", "unknown-customer", detail, suggestions=self._customers_like(said["customer"]))
        if row.faults:
            return None
        begins = said["valid_from"] or self.upload.created_at.date()
        terms = (currency, buyer_id, said["scope"] or Scope.STANDARD.value, begins, said["valid_until"])
        if terms not in self.groups:
            self.groups[terms] = self._made_of(terms)
        return self.groups[terms]

    @cached_property
    def groups(self) -> dict[Terms, Group]:
        return {}

    @cached_property
    def there(self) -> dict[Terms, PriceList]:
        return open_lists(self.upload.organisation_id)

    def _made_of(self, terms: Terms) -> Group:
        currency, buyer_id, scope, begins, ends = terms
        market = Market(self.upload.organisation_id, currency, scope, buyer_id)
        facts = {
            "currency": currency,
            "buyer_id": told(buyer_id),
            "scope": scope,
            "valid_from": told(begins),
            "valid_until": told(ends),
            "list_name": f"{PurePath(self.upload.filename).stem[:100]} {currency}",
        }
        there = self.there.get(terms)
        list_id = there.pk if there else uuid5(self.upload.pk, "|".join(map(str, terms)))
        return Group(list_id, market, facts, "" if there else self._overlapping(terms))

    def _overlapping(self, terms: Terms) -> str:
        """That a published list has to make room before this one can be published."""
        currency, buyer_id, scope, begins, ends = terms
        for (*same, since, until), one in self.there.items():
            meets = (until is None or until >= begins) and (ends is None or since <= ends)
            if one.state == "published" and same == [currency, buyer_id, scope] and meets:
                return gettext("Withdraw %(other)s before you publish: its validity overlaps.") % {
                    "other": str(one)[:60]
                }
        return ""

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
        lists = {meant.group.list_id for meant in self.meant.values()}
        products = {meant.product_id for meant in self.meant.values()}
        found = Price.objects.filter(price_list_id__in=lists, product_id__in=products)
        names = ("id", "price_list_id", *self.fields.values())
        by_tier = {
            (row["price_list_id"], row["product_id"], row["min_quantity"]): row
            for row in found.values(*names).iterator()
        }
        self.known = {
            number: by_tier.get((meant.group.list_id, meant.product_id, meant.tier))
            for number, meant in self.meant.items()
        }
        return {}

    def _compare(self, row: Candidate, there: There | None) -> None:
        if row.faults:
            return
        super()._compare(row, self.known[row.number])
        if row.outcome == "new":
            group = self.meant[row.number].group
            row.after = {**group.facts, **(row.after or {})}
            row.remark = group.remark

    def values_of(self, row: Candidate, there: There | None) -> Mapping[str, Any]:
        meant = self.meant[row.number]
        return {
            "price_list_id": meant.group.list_id,
            "product_id": meant.product_id,
            "min_quantity": meant.tier,
            "unit_price": row.row["unit_price"],
            "price_base_quantity": row.row["price_base_quantity"] or ONE,
        }

    def judge(self, row: Candidate, there: There | None, differing: Sequence[str]) -> None:
        if "unit_price" in differing and not row.row["unit_price"]:
            detail = gettext("A price of 0 would give the item away. Write the price, or leave the row out.")
            row.fault("unit_price", "price-zero", detail)

    def _remark_rises(self, rows: Sequence[Candidate]) -> None:
        if not self.limits:
            return
        by_market: dict[Market, list[Candidate]] = defaultdict(list)
        for row in rows:
            if row.outcome in ("new", "changed"):
                by_market[self.meant[row.number].group.market].append(row)
        for market, some in by_market.items():
            for rise in rises_of([self._tier(row) for row in some], market, on=database_now().date()):
                some[rise.place].remark = rise_remark(rise)

    @cached_property
    def limits(self) -> bool:
        return any_limits()

    def _tier(self, row: Candidate) -> Tier:
        meant = self.meant[row.number]
        return Tier(meant.product_id, meant.tier, row.row["unit_price"], row.row["price_base_quantity"] or ONE)

    # --- What all rows together tell ----------------------------------------------------------------------------
    def settle(self) -> None:
        """Where the file changes a list that is frozen, the whole of it becomes the next draft."""
        if self.target is None:
            for list_id in price_rows.frozen_that_change(self.upload.pk):
                price_rows.copy_into(self.upload.pk, list_id, uuid5(self.upload.pk, f"after|{list_id}"))
            price_rows.mark_overlapping(self.upload, self.sheet.columns["valid_from"].here)

    def missing(self) -> Any:
        return None if self.target is None else super().missing()

    def delist(self) -> int:
        """Stage what leaves the draft; nothing while rows have faults, as theirs would seem to be missing."""
        if self.target is None or self.upload.rows.filter(outcome="faulty").exists():
            return 0
        return price_rows.stage_missing(self.upload.pk, self.target.pk)

    # --- Coming into force ------------------------------------------------------------------------------------------
    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        lists = Lists(self.upload, actor)
        lists.make([act.after for act in acts if act.outcome == "new" and act.after])
        lists.touch(price_rows.lists_of(self.upload.pk, acts[0].number, acts[-1].number))
        super().apply(acts, actor=actor)
        price_rows.delete_missing(self.upload.pk, acts[0].number, acts[-1].number)

    def take_back(self, acts: Sequence[Act], *, actor: Actor) -> None:
        lists = Lists(self.upload, actor)
        if lists.have_gone_on():
            raise Drifted(faults=[_gone_on(act.number) for act in acts])
        conflicts = price_rows.restore_missing(self.upload.pk, acts[0].number, acts[-1].number)
        if conflicts:
            raise Drifted(faults=[_gone_on(number) for number in conflicts])
        super().take_back(acts, actor=actor)
        if not self.upload.rows.acting().filter(number__lt=acts[0].number).exists():
            lists.give_back()

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
        return super().heading_of("sku" if column == "product_id" else column)


def _shown(target: PriceList, name: str) -> Any:
    if name == "customer":
        return target.buyer
    return target.get_scope_display() if name == "scope" else getattr(target, name)


def _gone_on(number: int) -> Fault:
    detail = gettext("Row %(row)s: the price list has gone on since.") % {"row": number}
    return Fault(f"#/rows/{number}", "gone-on-since", detail)
