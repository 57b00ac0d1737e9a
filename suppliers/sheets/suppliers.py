"""Suppliers as a table: the master data a buyer brings from the system it used before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import Fault
from b2b.fields import new_key
from b2b.invitation import letters_sentence
from b2b.models import Organisation
from b2b.policy import Actor, admin, buyer, buying_manager, compliance, platform
from b2b.sheets import parsers
from b2b.sheets.faults import CellFault, cell_fault
from b2b.sheets.sheet import Column, Sheet
from b2b.uploads.drift import Drifted
from b2b.uploads.format import Act, Candidate, Format, Notice, Session
from b2b.uploads.formats import register
from b2b.uploads.models import Upload, UploadRow
from b2b.uploads.settling import make_faulty
from suppliers.identifiers import NotANumber, checked
from suppliers.inviting import Taken, in_use, invite_suppliers, uninvite
from suppliers.models import Identifier, SupplierProfile
from suppliers.shelves import Shelves

NUMBERS = ("vat", "uscc", "lei", "duns")
"""Columns that hold a registration number; each is called as its register is."""
_SPLIT = re.compile(r"\s*[;；\n|]\s*|\s*[,，、]\s*")
SHOWN_DEPENDENTS = 5
is_website = URLValidator(schemes=["http", "https"])
Number = tuple[str, str, str]
"""Register, country and value."""


class SupplierSheet(Sheet):
    code = "suppliers"
    title = _("Suppliers")
    about = _(
        "One row per supplier. Who is known by one of the registration numbers, or else by name and country, stays as "
        "they are. Others become organisations with a profile in draft; the contact's e-mail address is invited to "
        "fill it and to publish it. Suppliers missing from the file stay."
    )
    key: ClassVar = ("name", "country")

    name = Column(
        ("Supplier", "供应商"),
        parsers.text(max_length=200),
        ("Supplier name", "Name", "Company", "Vendor", "Legal name", "供应商名称", "公司名称"),
        width=36,
        example="Haimao Fasteners Co., Ltd.",
        rests_on=("country", *NUMBERS),
    )
    native_name = Column(
        ("Name in Chinese", "中文名称"),
        parsers.text(max_length=200),
        ("Native name", "Local name"),
        required=False,
        width=30,
        example="海茂紧固件有限公司",
    )
    country = Column(("Country", "国家"), parsers.country(), ("Country code",), width=12, example="CN")
    vat = Column(
        ("VAT number", "增值税号"),
        parsers.text(max_length=60),
        ("VAT", "VAT ID", "Tax ID", "税号"),
        required=False,
        width=20,
        rests_on=("country",),
    )
    uscc = Column(
        ("Unified Social Credit Code", "统一社会信用代码"),
        parsers.text(max_length=60),
        ("USCC", "信用代码"),
        required=False,
        width=24,
        example="91110000600037341L",
    )
    lei = Column(("LEI", "LEI"), parsers.text(max_length=60), ("Legal Entity Identifier",), required=False, width=24)
    duns = Column(("D-U-N-S number", "邓白氏编码"), parsers.text(max_length=60), ("DUNS",), required=False)
    website = Column(("Website", "网站"), parsers.text(max_length=200), ("Web", "Homepage"), required=False, width=28)
    contact_name = Column(
        ("Contact person", "联系人"), parsers.text(max_length=120), ("Contact",), required=False, width=20
    )
    contact_email = Column(
        ("Contact e-mail", "联系邮箱"),
        parsers.email(),
        ("E-mail", "Email", "Mail", "邮箱"),
        required=False,
        width=28,
        example="sales@example.cn",
        note=_("Gets the invitation."),
    )
    contact_phone = Column(
        ("Contact phone", "联系电话"), parsers.text(max_length=40), ("Phone", "Tel", "电话"), required=False
    )
    address = Column(("Address", "地址"), parsers.text(max_length=1000), (), required=False, width=40)
    currency = Column(
        ("Currency", "币种"), parsers.currency(), (), required=False, width=10, note=_("Blank: your organisation's.")
    )
    categories = Column(
        ("Categories", "供应类别"),
        parsers.text(max_length=1000),
        ("Supplies", "Category"),
        required=False,
        width=30,
        note=_("What the supplier supplies: codes or names of categories, several between semicolons."),
    )


TEXTS = ("native_name", "website", "contact_name", "contact_email", "contact_phone", "address")


class SupplierSession(Session):
    chunk_rows = 1_000
    model: ClassVar = SupplierProfile
    """Whose first version a row stands for."""

    # --- Review -----------------------------------------------------------------------------------------
    def review(self, rows: Sequence[Candidate]) -> None:
        numbers = {row.number: self._numbers(row) for row in rows}
        known = self._known({value for found in numbers.values() for _scheme, _country, value in found})
        named = self._named({row.row["name"] for row in rows})
        for row in rows:
            found = numbers[row.number]
            row.key = self._key(row, found)
            self._compare(row, found, known, named)

    def _numbers(self, row: Candidate) -> list[Number]:
        """Those the row has, checked; a wrong one is a fault of its cell."""
        found = []
        for scheme in NUMBERS:
            if row.row[scheme] is None:
                continue
            country = row.row["country"] if scheme == "vat" else ""
            try:
                found.append((scheme, country, checked(scheme, row.row[scheme], country=country)))
            except NotANumber as failed:
                row.fault(scheme, "identifier-check", str(failed))
        return found

    def _key(self, row: Candidate, numbers: Sequence[Number]) -> str:
        return " ".join(numbers[0]) if numbers else f"{row.row['name'].casefold()} {row.row['country']}"

    def _known(self, values: Iterable[str]) -> dict[tuple[str, str], SupplierProfile]:
        found = Identifier.objects.filter(value__in=set(values)).select_related("profile__supplier")
        return {(one.scheme, one.value): one.profile for one in found}

    def _named(self, names: Iterable[str]) -> dict[tuple[str, str], list[SupplierProfile]]:
        profiles = SupplierProfile.objects.annotate(lower=Lower("supplier__name"))
        found: dict[tuple[str, str], list[SupplierProfile]] = defaultdict(list)
        wanted = set(names)
        # The database has its own idea of capitals such as İ; a name as it is written needs none.
        matching = profiles.filter(Q(lower__in={name.lower() for name in wanted}) | Q(supplier__name__in=wanted))
        for profile in matching.select_related("supplier").prefetch_related("identifiers"):
            found[profile.supplier.name.casefold(), profile.supplier.country].append(profile)
        return found

    def _compare(
        self,
        row: Candidate,
        numbers: Sequence[Number],
        known: Mapping[tuple[str, str], SupplierProfile],
        named: Mapping[tuple[str, str], Sequence[SupplierProfile]],
    ) -> None:
        there = {known[scheme, value] for scheme, _country, value in numbers if (scheme, value) in known}
        if not there:
            namesakes = named.get((row.row["name"].casefold(), row.row["country"]), ())
            there = {profile for profile in namesakes if not _contradicts(profile, numbers)}
        if len(there) > 1 and not row.faults:
            detail = gettext("Several suppliers could be meant. Give the registration number of the one that is.")
            row.fault("name", "supplier-unclear", detail)
        elif len(there) == 1:
            self._recognise(row, there.pop())
        else:
            self._new(row, numbers)

    def _recognise(self, row: Candidate, profile: SupplierProfile) -> None:
        row.document_id = profile.pk
        row.remark = gettext("Known as %(name)s.") % {"name": profile.supplier.name[:100]}

    def _new(self, row: Candidate, numbers: Sequence[Number]) -> None:
        said, categories, website = row.row, self._categories(row), self._website(row)
        if row.faults:
            return
        row.outcome, row.document_id = "new", new_key()
        row.after = {
            "supplier_id": str(new_key()),
            "name": said["name"],
            "country": said["country"],
            "currency": said["currency"] or self.upload.organisation.currency,
            **{name: said[name] or "" for name in TEXTS},
            "website": website,
            "identifiers": [list(number) for number in numbers],
            "categories": categories,
        }
        if not said["contact_email"]:
            row.remark = gettext("Nobody is invited, as there is no e-mail address.")

    def _website(self, row: Candidate) -> str:
        """With the protocol, which people leave out."""
        text = row.row["website"] or ""
        address = text if not text or "://" in text else f"https://{text}"
        try:
            if address:
                is_website(address)
        except ValidationError:
            detail = gettext("This is not the address of a website. Write one such as https://example.com.")
            row.fault("website", "not-a-website", detail)
        return address

    def _categories(self, row: Candidate) -> list[str]:
        names = [name for name in _SPLIT.split(row.row["categories"] or "") if name]
        found = []
        for name in names:
            shelves = self.shelves.named(name)
            if len(shelves) == 1:
                found.append(str(shelves[0].id))
                continue
            detail = gettext("There is no category “%(name)s”, or more than one.") % {"name": name[:60]}
            row.fault("categories", "unknown-category", detail, suggestions=self.shelves.like(name))
        return list(dict.fromkeys(found))

    @cached_property
    def shelves(self) -> Shelves:
        return Shelves.all()

    def settle(self) -> None:
        """A registration number may stand only once, in whichever row."""
        rows_of: dict[tuple[str, ...], list[int]] = defaultdict(list)
        news = self.upload.rows.filter(outcome="new").order_by("number").values_list("number", "after")
        for number, after in news.iterator(chunk_size=2_000):
            for one in (after or {})["identifiers"]:
                rows_of[tuple(one)].append(number)
        twice = {row: (one, rows) for one, rows in rows_of.items() if len(rows) > 1 for row in rows}
        make_faulty(self.upload, {row: self._twice(row, *found) for row, found in twice.items()})

    def _twice(self, number: int, found: tuple[str, ...], rows: Sequence[int]) -> CellFault:
        layout = self.upload.layout or {}
        other = next(row for row in rows if row != number)
        detail = gettext("Row %(row)s has the same registration number.") % {"row": other}
        return cell_fault(
            "identifier-twice",
            detail,
            sheet=layout.get("table", ""),
            row=number,
            column=layout.get("columns", {}).get(found[0], 0),
            heading=self.sheet.columns[found[0]].here,
            value=found[2],
        )

    # --- In force, and back ---------------------------------------------------------------------------------
    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        told = {act.document_id: act.after for act in acts if act.document_id and act.after}
        known = self._known({value for said in told.values() for _scheme, _country, value in said["identifiers"]})
        came = [act for act in acts if act.after and any((n[0], n[2]) in known for n in act.after["identifiers"])]
        if came:
            raise Drifted(faults=[_moved(act) for act in came])
        try:
            accounts = invite_suppliers(told, actor=actor)
        except Taken:
            raise Drifted(faults=[_moved(act) for act in acts]) from None
        self.upload.basis = {"accounts": [*self._accounts(), *map(str, accounts)]}
        Upload.objects.filter(pk=self.upload.pk).update(basis=self.upload.basis)

    def take_back(self, acts: Sequence[Act], *, actor: Actor) -> None:
        used = in_use([act.document_id for act in acts if act.document_id], self._accounts())
        if used:
            raise Drifted(faults=[_moved(act) for act in acts if act.document_id in used])
        try:
            uninvite([act.document_id for act in acts if act.document_id], self._accounts())
        except Taken:
            raise Drifted(faults=[_moved(act) for act in acts]) from None

    def dependents(self) -> Iterable[Fault]:
        acting = self.upload.rows.acting().filter(number__lte=self.upload.applied_through)
        keys = {key: number for key, number in acting.values_list("document_id", "number") if key}
        for key in sorted(in_use(list(keys), self._accounts()))[:SHOWN_DEPENDENTS]:
            detail = gettext("Row %(row)s: the supplier has begun to work on the platform.") % {"row": keys[key]}
            yield Fault(f"#/rows/{keys[key]}", "used-since", detail)

    def notices(self) -> Iterable[Notice]:
        invited = self.upload.rows.filter(outcome="new").exclude(after__contact_email="")
        if count := invited.count():
            yield Notice("letters", letters_sentence(count))

    def _accounts(self) -> list[str]:
        return list((self.upload.basis or {}).get("accounts", ()))


@register
class Suppliers(Format):
    sheet = SupplierSheet
    by = (buyer | buying_manager) | ((compliance | admin) & platform)
    session_class = SupplierSession

    def rows(self, *, organisation_id: UUID, target: Any, actor: Actor) -> Iterator[Mapping[str, Any]]:
        """Those the reader may see, and those their organisation brought itself."""
        brought = UploadRow.objects.in_force().filter(
            upload__organisation_id=organisation_id, upload__format=SupplierSheet.code
        )
        seen = SupplierProfile.objects.visible_to(actor).values("pk")
        profiles = SupplierProfile.objects.filter(Q(pk__in=seen) | Q(pk__in=brought.values("document_id")))
        chosen = profiles.select_related("supplier").prefetch_related("identifiers", "categories")
        yield from (_row(profile) for profile in chosen.order_by("supplier__name", "pk").iterator(chunk_size=1_000))

    def choices(self, *, organisation_id: UUID) -> Mapping[str, Sequence[str]]:
        return {}


def _row(profile: SupplierProfile) -> dict[str, Any]:
    supplier: Organisation = profile.supplier
    numbers = {one.scheme: one.value for one in profile.identifiers.all() if one.country in ("", supplier.country)}
    return {
        "name": supplier.name,
        "country": supplier.country,
        "currency": supplier.currency,
        **{scheme: numbers.get(scheme) for scheme in NUMBERS},
        "native_name": supplier.native_name or None,
        "website": profile.website or None,
        "contact_name": profile.contact_name or None,
        "contact_email": profile.contact_email or None,
        "contact_phone": profile.contact_phone or None,
        "address": supplier.address or None,
        "categories": "; ".join(sorted(one.code for one in profile.categories.all())) or None,
    }


def _contradicts(profile: SupplierProfile, numbers: Sequence[Number]) -> bool:
    """Whether a supplier of the same name has another number of the same register: then it is another one."""
    theirs = {one.scheme: one.value for one in profile.identifiers.all()}
    return any(theirs.get(scheme, value) != value for scheme, _country, value in numbers)


def _moved(act: Act) -> Fault:
    detail = gettext("Row %(row)s: “%(key)s” is not any more as the review saw it.")
    return Fault(f"#/rows/{act.number}", "changed-since-review", detail % {"row": act.number, "key": act.key})
