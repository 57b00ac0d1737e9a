"""The work on a table of many orders: rows grouped by reference, judged order by order, written as drafts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from b2b.errors import Fault, Invalid
from b2b.fields import new_key
from b2b.models import Organisation
from b2b.policy import Actor
from b2b.sheets.sheet import Row
from b2b.together import together
from b2b.uploads.dashes import recall
from b2b.uploads.format import Act, Candidate
from b2b.uploads.lines import Lines, Values
from b2b.workflow import editing
from procurement import ordering
from procurement.models import ProcurementPolicy, PurchaseOrder, PurchaseOrderLine, policy_of
from procurement.models.purchase_order import GIVEN_UP
from procurement.naming_suppliers import Named, named_suppliers
from procurement.order_lines import OrderedLine
from procurement.sheets.document_lines import put_back, raw_lines
from procurement.sheets.purchase_order_lines import (
    FILLED,
    OF_WHOLE_ROWS,
    filled_in,
    line_rows,
    not_offered,
    ordered_line,
)
from suppliers.models import Product

HEAD = ("title_of_order", "currency", "payment_terms", "place")
"""Sheet columns of the whole order, besides its supplier."""
FIELDS = {"title_of_order": "title"}
"""Where the order calls a column otherwise."""


@dataclass(slots=True)
class Planned:
    """One order as the table wants it. ``head`` is by the order's columns."""

    order: PurchaseOrder
    is_new: bool
    head: dict[str, Any] = field(default_factory=dict)
    rows: Sequence[PurchaseOrderLine] = ()


class PurchaseOrdersSession(Lines):
    of_whole_rows: ClassVar = OF_WHOLE_ROWS | {"order-faulty", "order-not-draft"}
    columns_of_rules: ClassVar[Mapping[str, str]] = {"product": "sku", "code": "item_number"}

    # --- Review -----------------------------------------------------------------------------------------
    def judge(self, rows: Sequence[Candidate]) -> None:
        groups: dict[str, list[Candidate]] = defaultdict(list)
        for row in rows:
            groups[row.row["order"]].append(row)
        self.suppliers = named_suppliers(
            {row.row["supplier"] for row in rows} - {None}, buyer_id=self.upload.organisation_id
        )
        self.orders = existing_orders(groups, buyer_id=self.upload.organisation_id)
        self.products = self._products(rows)
        self.planned = [self._planned(reference, own) for reference, own in groups.items()]

    @cached_property
    def policy(self) -> ProcurementPolicy:
        return policy_of(self.upload.organisation_id)

    def _products(self, rows: Sequence[Candidate]) -> Mapping[tuple[UUID, str], UUID]:
        owners = {one.pk for named in self.suppliers.values() for one in named.found}
        owners |= {order.supplier_id for order in self.orders.values()}
        named = Product.objects.filter(supplier_id__in=owners, sku__in={row.row["sku"] for row in rows} - {None})
        return {(owner, sku): key for owner, sku, key in named.values_list("supplier_id", "sku", "pk")}

    def _planned(self, reference: str, rows: Sequence[Candidate]) -> Planned | None:
        there = self.orders.get(reference)
        lines = {line["number"]: line for line in line_rows(there, with_reasons=True)} if there else {}
        head, supplier = self._head(rows, there)
        if supplier is None:
            return None
        order = there or PurchaseOrder(pk=rows[0].document_id or new_key(), buyer_id=self.upload.organisation_id)
        plan = Planned(order, there is None, {**head, "supplier_id": supplier.pk})
        self._complete(rows, lines, supplier, head)
        if there is None:
            self._take_head(order, plan.head, reference)
        if there is None or there.state == "draft":
            rows = self._settled(plan, rows, lines)
        self._compare(plan, rows, lines, there)
        return plan

    def _compare(
        self, plan: Planned, rows: Sequence[Candidate], lines: Mapping[int, Values], there: PurchaseOrder | None
    ) -> None:
        head = told_head(there) if there else {}
        for row in rows:
            row.document_id = plan.order.pk
            before = lines.get(row.row["number"])
            self.compare(row, before and {**before, **head, "order": row.row["order"]}, besides=FILLED | {*HEAD})
            if there is not None and there.state != "draft" and row.outcome != "unchanged":
                detail = gettext("The order has left the draft; it is changed by an amendment, not by a table.")
                row.fault("order", "order-not-draft", detail)

    def _head(
        self, rows: Sequence[Candidate], there: PurchaseOrder | None
    ) -> tuple[dict[str, Any], Organisation | None]:
        """By the order's columns, and its supplier; ``None`` where a fault says why."""
        said = {name: self._agreed(name, rows) for name in ("supplier", *HEAD)}
        supplier = self._supplier(said.pop("supplier"), rows, there)
        present = told_head(there) if there else {"currency": self.upload.currency, "payment_terms": "net_30"}
        head = {name: value if value is not None else present.get(name) for name, value in said.items()}
        if not head["currency"]:
            rows[0].fault("currency", "required", gettext("Say the currency of the order."))
        if any(row.faults for row in rows):
            self._spoil(rows)
            return {}, None
        return {FIELDS.get(name, name): value or "" for name, value in head.items()}, supplier

    def _agreed(self, name: str, rows: Sequence[Candidate]) -> Any:
        """What the rows of one order say that is the whole order's; a row that says otherwise has a fault."""
        first = next((row.row[name] for row in rows if row.row[name] is not None), None)
        for row in rows:
            if row.row[name] not in {None, first}:
                detail = gettext("Another row of this order says “%(value)s”.") % {"value": first}
                row.fault(name, "order-differs", detail)
        return first

    def _supplier(
        self, text: str | None, rows: Sequence[Candidate], there: PurchaseOrder | None
    ) -> Organisation | None:
        if there is not None and text in {None, there.supplier.name}:
            return there.supplier
        named = self.suppliers.get(text or "", Named())
        if named.one is None:
            rows[0].fault("supplier", *_unnamed(text, named), suggestions=named.alike)
        return named.one

    def _spoil(self, rows: Sequence[Candidate]) -> None:
        """Without its head there is no order, so none of its rows can come into force."""
        for row in rows:
            if not row.faults:
                row.fault("order", "order-faulty", gettext("Another row of this order has a fault that concerns all."))

    def _complete(
        self, rows: Sequence[Candidate], lines: Mapping[int, Values], supplier: Organisation, head: Mapping[str, Any]
    ) -> None:
        shown = {name: head[FIELDS.get(name, name)] or None for name in HEAD} | {"supplier": supplier.name}
        for place, row in enumerate(rows, 1):
            number = row.row["number"] or (int(row.key.rpartition("/")[2]) if row.key else place)
            before = lines.get(number, {})
            recall(row, before)
            values = {name: row.row[name] if name in row.places else before.get(name) for name in self.sheet.columns}
            row.row = Row(row.number, {**values, **shown, "number": number})
            row.key = f"{row.row['order']}/{number}"

    def _settled(self, plan: Planned, rows: Sequence[Candidate], lines: Mapping[int, Values]) -> Sequence[Candidate]:
        """Those the rules accept together; the others bear their faults."""
        sound = list(rows)
        while sound:
            try:
                self._settle(plan, sound)
            except Invalid as refusal:
                self.place_together(refusal, sound)
                sound = [row for row in sound if not row.faults]
            else:
                break
        return sound

    def _settle(self, plan: Planned, rows: Sequence[Candidate]) -> None:
        said = self._lines(rows, plan.head["supplier_id"])
        if plan.is_new:
            plan.rows = ordering.rows_of(plan.order, said, policy=self.policy)
        else:
            plan.rows = self._revised(plan, said)
        for row, line in zip(rows, plan.rows, strict=False):
            filled = filled_in(line)
            row.row = Row(row.number, {**row.row, **{name: filled[name] for name in FILLED if row.row[name] is None}})

    def _lines(self, rows: Sequence[Candidate], supplier_id: UUID) -> list[OrderedLine]:
        missing = [
            not_offered(index)
            for index, row in enumerate(rows)
            if row.row["sku"] is not None and (supplier_id, row.row["sku"]) not in self.products
        ]
        if missing:
            raise Invalid(faults=missing)
        return [
            ordered_line(row.row, row.row["number"], self.products.get((supplier_id, row.row["sku"]))) for row in rows
        ]

    def _revised(self, plan: Planned, said: Sequence[OrderedLine]) -> Sequence[PurchaseOrderLine]:
        """Judged as the order would be with its new head."""
        named = {line.number for line in said}
        kept = [line for number, line in ordering.present_lines(plan.order).items() if number not in named]
        would_be = PurchaseOrder.objects.get(pk=plan.order.pk)
        ordering.take_head(would_be, plan.head)
        return ordering.judged(would_be, [*said, *kept])

    def _take_head(self, order: PurchaseOrder, head: Mapping[str, Any], reference: str) -> None:
        order.buyer_reference = reference
        for name, value in head.items():
            setattr(order, name, value)

    # --- Coming into force ----------------------------------------------------------------------------
    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        """Two tables with the same references wait for each other on the buyer's row, which nobody else changes."""
        Organisation.objects.select_for_update(no_key=True).get(pk=self.upload.organisation_id)
        touched = {act.document_id for act in acts if act.document_id}
        list(PurchaseOrder.objects.filter(pk__in=touched).order_by("pk").select_for_update(of=("self",)))
        super().apply(acts, actor=actor)

    def write(self, acts: Sequence[Act], *, actor: Actor) -> Any:
        touched = {act.document_id for act in acts}
        with together():
            return {
                str(plan.order.pk): self._write(plan, actor)
                for plan in self.planned
                if plan is not None and plan.order.pk in touched
            }

    def _write(self, plan: Planned, actor: Actor) -> dict[str, Any]:
        order = plan.order
        if plan.is_new:
            ordering.save_draft(order, plan.rows, actor=actor)
            return {"version": order.version}
        before = {name: str(getattr(order, name)) for name in plan.head}
        lines = raw_lines(order)
        with editing(order, actor=actor):
            ordering.take_head(order, plan.head)
            ordering.write_judged(order, plan.rows)
        return {"version": order.version, "head": before, "lines": lines}

    # --- Taking back ------------------------------------------------------------------------------------
    def dependents(self) -> Iterator[Fault]:
        basis = self.upload.basis or {}
        found = PurchaseOrder.objects.in_bulk([UUID(key) for key in basis])
        for key, kept in basis.items():
            order = found.get(UUID(key))
            if order is None or order.version != kept["version"]:
                reference = order.buyer_reference or order.number if order else key
                detail = gettext("Order “%(order)s” was changed or went on since.") % {"order": reference}
                yield Fault("#/orders", "gone-on-since", detail)

    def restore(self, basis: Any, acts: Sequence[Act], *, actor: Actor) -> None:
        orders = PurchaseOrder.objects.in_bulk([UUID(key) for key in basis])
        with together():
            for key, kept in basis.items():
                self._restore(orders[UUID(key)], kept, actor)

    def _restore(self, order: PurchaseOrder, kept: Mapping[str, Any], actor: Actor) -> None:
        if "lines" not in kept:
            order.discard(actor=actor, expected_version=kept["version"])
            return
        with editing(order, actor=actor, expected_version=kept["version"]):
            for name, value in kept["head"].items():
                setattr(order, name, UUID(value) if name == "supplier_id" else value)
            put_back(order, kept["lines"])
            ordering.recount(order)


def existing_orders(references: Collection[str], *, buyer_id: UUID) -> dict[str, PurchaseOrder]:
    """The buyer's orders that go by these references, or by our numbers or keys where they have none."""
    keys = [key for reference in references if (key := _key(reference))]
    named = Q(buyer_reference__in=references) | Q(buyer_reference="") & (Q(number__in=references) | Q(pk__in=keys))
    own = PurchaseOrder.objects.filter(named, buyer_id=buyer_id).exclude(state__in=GIVEN_UP)
    found = own.select_related("supplier").order_by("pk")
    return {order.buyer_reference or _either(order, references): order for order in found}


def _either(order: PurchaseOrder, references: Collection[str]) -> str:
    return order.number if order.number in references else str(order.pk)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def told_head(order: PurchaseOrder) -> dict[str, Any]:
    """What concerns the whole order, as the sheet writes it."""
    told = {name: getattr(order, FIELDS.get(name, name)) or None for name in HEAD}
    return {**told, "supplier": order.supplier.name}


def _unnamed(text: str | None, named: Named) -> tuple[str, str]:
    if text is None:
        return "required", gettext("Say whom the order goes to.")
    if named.found:
        return "supplier-ambiguous", gettext("Several suppliers have this name; write a registered number instead.")
    return "unknown-supplier", gettext("No supplier is registered under this name or number.")
