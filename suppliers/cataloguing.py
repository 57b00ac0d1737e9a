"""An uploaded catalogue against the one there is: what each row says, and whether the item may become that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext

from b2b.errors import Blocked, Fault
from b2b.policy import Actor
from b2b.sheets.absent import says_nothing
from b2b.sheets.cells import is_blank
from b2b.sheets.faults import CellFault, Conversion, cell_fault
from b2b.sheets.table import at
from b2b.uploads.drift import Drifted
from b2b.uploads.format import Act, Candidate
from b2b.uploads.register import Register, There
from b2b.uploads.settling import make_faulty
from suppliers import variant_rows
from suppliers.identifiers import NO_NUMBER, NotANumber, checked_gtin
from suppliers.models import Category, Product
from suppliers.models.values import is_code
from suppliers.models.variants import variant_sentence
from suppliers.packages import package_faults
from suppliers.shelves import Shelves

PLAIN = (
    "sku", "name", "native_name", "unit", "moq", "packages", "lead_time_days", "brand", "part_number", "gtin",
    "description",
)  # fmt: skip
BLANK: Mapping[str, Any] = {"moq": Decimal(1), "packages": {}, "lead_time_days": None}
"""What an optional field is when its cell is blank; texts are empty."""
OWN_COLUMN = "attribute."
OF_SECTIONS = 0
"""The place of a column that only the titles of sections fill."""
_MISSING = """
    INSERT INTO uploads_uploadrow (upload_id, number, key, outcome, cells, before, after, remark, document_id, bumps)
    SELECT %(upload)s, last.number + row_number() OVER (ORDER BY product.sku), product.sku, 'missing', '[]'::jsonb,
        '{"state": "listed"}'::jsonb, '{"state": "delisted"}'::jsonb, '', product.id, 0
    FROM suppliers_product product,
        (SELECT coalesce(max(number), 0) AS number FROM uploads_uploadrow WHERE upload_id = %(upload)s) last
    WHERE product.supplier_id = %(supplier)s AND product.state = 'listed' AND NOT EXISTS (
        SELECT FROM uploads_uploadrow row WHERE row.upload_id = %(upload)s AND row.document_id = product.id)
"""


class CatalogueSession(Register):
    model = Product
    fields: ClassVar = {
        **{name: name for name in PLAIN},
        "category": "category_id",
        "variant_of": "variant_of_id",
        "attributes": "attributes",
    }
    key_field = "sku"
    label_field = "name"
    read_besides = ("state",)
    set_by_rules = ("state",)
    derived: ClassVar = frozenset({"search"})

    def owned(self) -> QuerySet[Product]:
        return Product.objects.filter(supplier_id=self.upload.organisation_id)

    def constants(self, actor: Actor) -> Mapping[str, Any]:
        return {"supplier_id": self.upload.organisation_id}

    @cached_property
    def shelves(self) -> Shelves:
        return Shelves.all()

    # --- What the file has ------------------------------------------------------------------------------
    def review(self, rows: Sequence[Candidate]) -> None:
        if rows:
            for row in rows:
                self._judge_section(row)
            self._learn(rows[0].places)
            self.parents = self._parents({row.row["variant_of"] for row in rows if row.row.get("variant_of")})
        super().review(rows)

    def _judge_section(self, row: Candidate) -> None:
        """A section's title that is no category is the supplier's own way to order the list, and no fault of a row."""
        text, place = row.row["category"], row.places.get("category", -1)
        is_section = place == OF_SECTIONS or (place > OF_SECTIONS and is_blank(at(row.cells, place)))
        if text is None or not is_section or self.shelves.named(text):
            return
        row.row["category"] = None
        told = gettext("No category of the platform; the item's category is not changed by it.")
        row.conversions.append(Conversion(row.table, row.number, 0, self.heading_of("category"), text, told, "section"))

    def _learn(self, places: Mapping[str, int]) -> None:
        """Which columns say something: of the others, items stay as they are."""
        layout = self.upload.layout or {}
        given = {*places, *layout.get("constants", {})}
        self.columns = {*given, *layout.get("columns", {})}
        self.plain = [(name, BLANK.get(name, "")) for name in PLAIN if name in given]
        self.has_category = "category" in given and places.get("category") != OF_SECTIONS
        self.has_variants = "variant_of" in given
        self.has_attributes = "attributes" in given
        self.own_columns = [(name, _codes(name)) for name in given if name.startswith(OWN_COLUMN)]
        self.tells_attributes = self.has_attributes or bool(self.own_columns)

    def _parents(self, numbers: Collection[str]) -> dict[str, UUID]:
        return dict(self.owned().filter(sku__in=numbers).values_list("sku", "pk")) if numbers else {}

    # --- What a row says ----------------------------------------------------------------------------------
    def values_of(self, row: Candidate, there: There | None) -> Mapping[str, Any]:
        said = row.row
        if there is None and says_nothing(row.key):
            row.fault("sku", "no-number", str(NO_NUMBER))
        values = {name: blank if (value := said[name]) is None else value for name, blank in self.plain}
        if self.has_category or said["category"] is not None:
            values["category_id"] = self._category(row, said["category"])
        if self.has_variants:
            values["variant_of_id"] = self._variant(row, said["variant_of"])
        if self.tells_attributes:
            shelf_id = values["category_id"] if "category_id" in values else there["category_id"] if there else None
            values["attributes"] = self._attributes(row, shelf_id, there)
        return values

    def _category(self, row: Candidate, text: str | None) -> UUID | None:
        if text is None:
            return None
        found = self.shelves.named(text)
        if len(found) == 1:
            return found[0].id
        if found:
            detail = gettext("Several categories are called that. Write the code of the one that is meant.")
            row.fault("category", "category-unclear", detail, suggestions=tuple(shelf.code for shelf in found[:5]))
        else:
            detail = gettext("There is no such category.")
            row.fault("category", "unknown-category", detail, suggestions=self.shelves.like(text))
        return None

    def _variant(self, row: Candidate, number: str | None) -> Any:
        """The key of the item named, or for now its number where only the file may have it."""
        if number is None:
            return None
        if number == row.row["sku"]:
            row.fault("variant_of", "variant-of-itself", variant_sentence("variant-of-itself"))
            return None
        return self.parents.get(number) or f"{variant_rows.PENDING}{number}"

    def _attributes(self, row: Candidate, shelf_id: UUID | None, there: There | None) -> Mapping[str, Any]:
        said = row.row
        if self.has_attributes:
            stated: Mapping[str, Any] = self.shelves.coded(shelf_id, said["attributes"] or {})
            self._require_codes(row, shelf_id, stated)
        else:
            stated = there["attributes"] if there else {}
        if self.own_columns:
            stated = self._with_own_columns(stated, said, shelf_id)
        return self.shelves.typed(shelf_id, stated).values

    def _require_codes(self, row: Candidate, shelf_id: UUID | None, stated: Mapping[str, Any]) -> None:
        """Only a category knows its attributes by name."""
        strange = next((name for name in stated if not is_code(name)), None)
        if shelf_id is None and strange is not None and not row.faults:
            detail = gettext("Name the item's category, or the attribute “%(name)s” by its code.")
            row.fault("attributes", "attribute-unknown", detail % {"name": strange})

    def _with_own_columns(
        self, stated: Mapping[str, Any], said: Mapping[str, Any], shelf_id: UUID | None
    ) -> dict[str, Any]:
        """A blank cell takes the attribute away, unless the cell of all attributes says it."""
        found = dict(stated)
        for name, codes in self.own_columns:
            code = self._code(codes, shelf_id)
            if said[name] is not None:
                found[code] = said[name]
            elif not self.has_attributes:
                found.pop(code, None)
        return found

    def _code(self, codes: tuple[str, ...], shelf_id: UUID | None) -> str:
        """Which of the attributes of one name this category has."""
        if len(codes) == 1 or shelf_id is None:
            return codes[0]
        asked = {attribute.code for attribute in self.shelves.by_id[shelf_id].asked}
        return next((code for code in codes if code in asked), codes[0])

    # --- Whether the item may become that -----------------------------------------------------------------
    def judge(self, row: Candidate, there: There | None, differing: Sequence[str]) -> None:
        if "gtin" in differing and row.row["gtin"]:
            self._judge_gtin(row)
        if ("packages" in differing or "unit" in differing) and row.row["unit"]:
            self._judge_packages(row, there)
        if there is None or "attributes" in differing or "category_id" in differing:
            self._judge_attributes(row, there)
        if there is not None and not row.faults:
            self._judge_state(row, there, differing)

    def _judge_gtin(self, row: Candidate) -> None:
        try:
            checked_gtin(row.row["gtin"])
        except NotANumber as failed:
            row.fault("gtin", "identifier-check", str(failed))

    def _judge_packages(self, row: Candidate, there: There | None) -> None:
        is_told = "packages" in self.columns
        packages = row.row["packages"] if is_told else (there or {}).get("packages")
        for fault in package_faults(packages or {}, row.row["unit"]):
            row.fault("packages" if is_told else "unit", fault.code, fault.detail)

    def _judge_attributes(self, row: Candidate, there: There | None) -> None:
        said = row.row
        shelf_id = there["category_id"] if there else None
        if self.has_category or said["category"] is not None:
            shelf_id = self._category(row, said["category"])
        if shelf_id is None:
            return
        if self.tells_attributes:
            stated = self._attributes(row, shelf_id, there)
        else:
            stated = there["attributes"] if there else {}
        for code, fault in self.shelves.typed(shelf_id, stated).faults.items():
            suggestions = self.shelves.values_like(shelf_id, code, str(stated[code])) if code in stated else ()
            row.fault(self._column_of(code), fault.code, fault.detail, suggestions=suggestions)

    def _column_of(self, code: str) -> str:
        """Where the file says it, also where its cell cannot be read."""
        own = (name for name in self.columns if name.startswith(OWN_COLUMN) and code in _codes(name))
        return next(own, "attributes" if "attributes" in self.columns else "category")

    def _judge_state(self, row: Candidate, there: There, differing: Sequence[str]) -> None:
        if there["state"] not in Product.editable_in:
            detail = gettext("This item is “%(state)s” and cannot be changed.")
            row.fault("sku", "product-closed", detail % {"state": Product.states()[there["state"]]})
        elif there["state"] == "listed" and self._is_reviewed(there) and not Product.REVIEWED.isdisjoint(differing):
            detail = gettext("This item was listed after a review. Delist it before its content is changed.")
            row.fault("sku", "review-needed", detail)

    def _is_reviewed(self, there: There) -> bool:
        shelf = self.shelves.by_id.get(there["category_id"])
        return shelf is None or shelf.review_required

    # --- What only all rows tell --------------------------------------------------------------------------
    def settle(self) -> None:
        places = (self.upload.layout or {}).get("columns", {})
        if "variant_of" not in places:
            return
        variant_rows.resolve(self.upload.pk)
        wrong = variant_rows.wrong(self.upload.pk)
        make_faulty(self.upload, {number: self._variant_fault(number, code) for number, code in wrong.items()})

    def _variant_fault(self, number: int, code: str) -> CellFault:
        layout = self.upload.layout or {}
        return cell_fault(
            code,
            variant_sentence(code),
            sheet=layout.get("table", ""),
            row=number,
            column=layout.get("columns", {}).get("variant_of", 0),
            heading=self.sheet.columns["variant_of"].here,
        )

    def touched(self, acts: Sequence[Act], *, actor: Actor) -> None:
        if not any(act.after and act.after.get("variant_of_id") for act in acts):
            return
        found = variant_rows.chains(self.upload.pk, acts[0].number, acts[-1].number)
        if found:
            raise Drifted(faults=[_chain(number) for number, _key in found])

    # --- What is missing ----------------------------------------------------------------------------------
    def missing(self) -> Any:
        """Listed items in no row; a row with a fault counts as its item's if its number can be read."""
        listed = super().missing().filter(state="listed")
        place = (self.upload.layout or {}).get("columns", {}).get("sku")
        if not place or not self.upload.faulty_count:
            return listed
        said = self.upload.rows.filter(outcome="faulty").annotate(said=KeyTextTransform(place - 1, "cells"))
        return listed.filter(~Exists(said.filter(said=OuterRef("sku"))))

    def delist(self) -> int:
        """Raises ``Blocked`` while rows have faults: what they stand for must not be taken for missing."""
        if self.upload.rows.filter(outcome="faulty").exists():
            detail = gettext("Mend the rows with faults first: their items would be taken for missing and delisted.")
            raise Blocked(faults=[Fault("#/delist_missing", "rows-faulty", detail)])
        with connection.cursor() as cursor:
            cursor.execute(_MISSING, {"upload": self.upload.pk, "supplier": self.upload.organisation_id})
            return int(cursor.rowcount)

    # --- For people -----------------------------------------------------------------------------------------
    def labels(self, acts: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, str]]:
        return {
            "category_id": _names(Category.objects, "code", acts, "category_id"),
            "variant_of_id": _names(self.owned(), "sku", acts, "variant_of_id"),
            "state": {state: str(label) for state, label in Product.states().items()},
        }

    def heading_of(self, column: str) -> str:
        return gettext("State") if column == "state" else super().heading_of(column)

    def _referring(self, relation: Any, span: Any) -> Iterator[Fault]:
        """An item's variants that came with it go with it."""
        if relation.related_model is not Product:
            yield from super()._referring(relation, span)
            return
        for number, key in variant_rows.used(self.upload.pk):
            detail = gettext("Row %(row)s: “%(key)s” is used by: %(what)s.")
            what = str(Product._meta.verbose_name)
            yield Fault(f"#/rows/{number}", "used-since", detail % {"row": number, "key": key, "what": what})


def _codes(column: str) -> tuple[str, ...]:
    """Of the attributes that a column of their own may stand for."""
    return tuple(column.removeprefix(OWN_COLUMN).split(","))


def _names(rows: Any, name: str, acts: Iterable[Mapping[str, Any]], column: str) -> Mapping[str, str]:
    keys = {act[column] for act in acts if act.get(column) and not act[column].startswith(variant_rows.PENDING)}
    return {str(key): text for key, text in rows.filter(pk__in=keys).values_list("pk", name)} if keys else {}


def _chain(number: int) -> Fault:
    return Fault(f"#/rows/{number}", "variant-of-variant", variant_sentence("variant-of-variant"))
