from __future__ import annotations

from io import BytesIO

import pytest
from django.core import mail

from b2b import journal
from b2b.errors import Blocked, NotAllowed
from b2b.invitation import send_waiting_letters
from b2b.models import Membership, Organisation, User
from b2b.sheets.exporting import export_to
from b2b.uploads.formats import format_of
from suppliers.models import Identifier, SupplierProfile
from tests.factories.b2b import OrganisationFactory, PlatformFactory, SupplierFactory, member
from tests.factories.suppliers import CategoryFactory, IdentifierFactory, ProductFactory, ProfileFactory
from tests.suppliers.sheets.test_catalogue import suggestions, told

pytestmark = pytest.mark.django_db

HEAD = "Supplier\tCountry\tUSCC\tVAT\tE-mail\tWebsite\tCategories\n"
USCC = "91110000600037341L"
VAT = "DE136695976"
BOTH = (
    HEAD + f"Haimao Fasteners\tChina\t{USCC}\t\tsales@haimao.example\thaimao.example\tbolts\n"
    f"Rheinwerk GmbH\tGermany\t\t{VAT}\t\t\t\n"
)


@pytest.fixture
def owner():
    return OrganisationFactory(is_buyer=True, currency="CHF")


@pytest.fixture
def buyer(owner):
    return member(owner, "buyer")


@pytest.fixture
def listed(brought, buyer):
    return lambda table, actor=buyer: brought(table, format="suppliers", actor=actor)


@pytest.fixture
def taken(applied, buyer):
    return lambda table: applied(table, format="suppliers", actor=buyer)


def test_new_suppliers_get_an_organisation_a_draft_profile_and_a_letter(taken, bolts, deliver):
    upload = taken(BOTH)
    send_waiting_letters()
    deliver()

    assert told(upload) == {2: ("new",), 3: ("new",)}
    profile = SupplierProfile.objects.get(legal_name="Haimao Fasteners")
    supplier = profile.supplier
    assert (supplier.is_supplier, supplier.country, supplier.currency) == (True, "CN", "CHF")
    assert (profile.state, profile.version, profile.website) == ("draft", 1, "https://haimao.example")
    assert list(profile.categories.all()) == [bolts]
    assert list(Identifier.objects.order_by("scheme").values_list("scheme", "country", "value")) == [
        ("uscc", "", USCC),
        ("vat", "DE", VAT.removeprefix("DE")),
    ]
    guest = Membership.objects.get(organisation=supplier)
    assert (guest.user.email, guest.roles) == ("sales@haimao.example", ["sales", "signatory", "finance", "admin"])
    assert [letter.to for letter in mail.outbox] == [["sales@haimao.example"]]
    assert journal.verify() == []


def test_who_is_known_by_a_number_or_by_name_and_country_stays_as_they_are(listed):
    known = IdentifierFactory(profile=ProfileFactory(legal_name="Haimao"), scheme="uscc", value=USCC).profile
    named = ProfileFactory(supplier=SupplierFactory(name="RHEINWERK GmbH", country="DE"))

    upload = listed(BOTH)

    assert told(upload) == {2: ("unchanged",), 3: ("unchanged",)}
    assert [row.document_id for row in upload.rows.order_by("number")] == [known.pk, named.pk]
    assert upload.rows.get(number=2).remark == f"Known as {known.supplier.name}."


def test_a_namesake_with_another_number_is_another_supplier(listed):
    namesake = ProfileFactory(supplier=SupplierFactory(name="Rheinwerk GmbH", country="DE"))
    IdentifierFactory(profile=namesake, scheme="vat", country="DE", value="811569869")

    assert told(listed(HEAD + f"Rheinwerk GmbH\tDE\t\t{VAT}\t\t\t\n")) == {2: ("new",)}


def test_numbers_are_checked_and_what_is_strange_is_named_by_cell(listed):
    CategoryFactory(code="bearings", name="Bearings")

    upload = listed(
        HEAD + "A\tCN\t91110000600037341X\t\t\t\t\nB\tDE\t\tDE136695977\t\t\t\nC\tCN\t\t\t\t\tbearing; Nothing at all\n"
        f"D\tCN\t{USCC}\t\t\t\t\nE\tCN\t{USCC}\t\t\t\t\nF\tCN\t\t\t\tjavascript://alert(1)\t\n"
    )

    assert told(upload) == {
        2: ("faulty", "identifier-check"),
        3: ("faulty", "identifier-check"),
        4: ("faulty", "unknown-category", "unknown-category"),
        5: ("faulty", "duplicate-key"),
        6: ("faulty", "duplicate-key"),
        7: ("faulty", "not-a-website"),
    }
    assert suggestions(upload, 4)[0] == ["bearings"]


def test_undoing_leaves_nobody_behind(taken, undone, buyer, bolts):
    upload = taken(BOTH)

    undone(upload, buyer)

    assert upload.state == "undone"
    assert not Organisation.objects.filter(name__in=["Haimao Fasteners", "Rheinwerk GmbH"]).exists()
    assert not User.objects.filter(email="sales@haimao.example").exists()
    assert not SupplierProfile.objects.exists()
    assert journal.verify() == []


def test_suppliers_who_have_begun_stay(taken, buyer, bolts):
    upload = taken(BOTH)
    ProductFactory(supplier=Organisation.objects.get(name="Rheinwerk GmbH"))
    guest = User.objects.get(email="sales@haimao.example")
    guest.set_password("correct horse battery")
    guest.save()

    with pytest.raises(Blocked) as refused:
        upload.undo(actor=buyer)

    assert sorted(fault.pointer for fault in refused.value.faults) == ["#/rows/2", "#/rows/3"]


def test_a_number_taken_since_the_review_stops_the_upload(listed, buyer, do_jobs, bolts):
    upload = listed(BOTH)
    IdentifierFactory(scheme="uscc", value=USCC)

    upload.apply(actor=buyer)
    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.problem["code"]) == ("reviewed", "changed-since-review")
    assert not Organisation.objects.filter(name="Rheinwerk GmbH").exists()


def test_only_buyers_and_the_platform_bring_suppliers(listed, supplier, owner):
    with pytest.raises(NotAllowed):
        listed(BOTH, actor=member(supplier, "sales"))
    with pytest.raises(NotAllowed):
        listed(BOTH, actor=member(owner, "finance"))

    assert listed(BOTH, actor=member(PlatformFactory(), "compliance")).state == "reviewed"


def test_an_export_brought_again_changes_nothing(taken, listed, owner, buyer, bolts):
    taken(BOTH)
    IdentifierFactory(profile=ProfileFactory(state="published"), scheme="duns", value="150483782")
    declared, file = format_of("suppliers"), BytesIO()
    rows = declared.rows(organisation_id=owner.pk, target=None, actor=buyer)
    export_to(file, declared.sheet, rows, language="zh-hans")

    upload = listed(file.getvalue())

    assert upload.counts == {"unchanged": 3}


def test_undoing_stops_letters_and_the_review_says_how_many_there_are(listed, taken, undone, buyer, deliver):
    table = HEAD + "Ningbo One\tCN\t\t\tone@example.com\t\t\nNingbo Two\tCN\t\t\t\t\t\n"
    review = listed(table)
    session = format_of(review.format).session(review)

    said = [notice.detail for notice in session.notices()]
    upload = taken(table)
    undone(upload, actor=buyer)
    send_waiting_letters()
    deliver()

    assert said == ["Applying this sends a letter of invitation to one person."]
    assert (upload.state, mail.outbox) == ("undone", [])
