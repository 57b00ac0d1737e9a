"""Qualifications and certificates over HTTP."""

from __future__ import annotations

import pytest

from suppliers.models import Qualification
from tests.clients import faults
from tests.factories.b2b import PlatformFactory
from tests.factories.suppliers import (
    ApprovedFactory,
    CertificateFactory,
    IdentifierFactory,
    PublishedProfileFactory,
    QualificationFactory,
)

pytestmark = pytest.mark.django_db


def test_a_qualification_from_application_to_approval(sales, client_of, supplier, buyer):
    PublishedProfileFactory(supplier=supplier)
    staff = client_of(PlatformFactory(), "compliance")
    client_of(PlatformFactory(name="x"), "compliance").post(
        "/api/v1/document-requirements/", {"kind": "business_licence"}
    )
    made = sales.post("/api/v1/qualifications/", {"statement": "We make bolts."}).json()
    address = f"/api/v1/qualifications/{made['id']}/"

    early = sales.post(f"{address}apply/")
    licence = sales.post("/api/v1/certificates/", {"kind": "business_licence", "issuer": "Ningbo AMR"})
    assert licence.status_code == 201
    applied = sales.post(f"{address}apply/")
    staff.post(f"{address}start-review/")
    approved = staff.post(f"{address}approve/", {"valid_until": "2099-12-31"})

    assert (early.status_code, faults(early)) == (409, [("#/certificates", "document-missing")])
    assert (made["missing_documents"], applied.status_code) == (["Business licence"], 200)
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    assert Qualification.objects.get(pk=made["id"]).valid_until.isoformat() == "2099-12-31"


def test_a_buyer_sees_the_certificates_of_those_who_applied_to_it(buying, buyer, supplier):
    certificate = CertificateFactory(supplier=supplier)
    CertificateFactory()
    assert buying.get("/api/v1/certificates/").json()["results"] == []

    QualificationFactory(supplier=supplier, buyer=buyer, state="submitted")

    assert [row["id"] for row in buying.get("/api/v1/certificates/").json()["results"]] == [str(certificate.pk)]


def test_a_certificate_taken_back_counts_no_more(sales, buying, supplier):
    certificate = CertificateFactory(supplier=supplier)

    assert buying.post(f"/api/v1/certificates/{certificate.pk}/withdraw/").status_code == 404
    response = sales.post(f"/api/v1/certificates/{certificate.pk}/withdraw/")

    assert (response.status_code, response.json()["valid_today"]) == (200, False)


def test_what_is_said_is_said_in_the_readers_language(sales, supplier):
    qualification = QualificationFactory(supplier=supplier, buyer=None)
    ApprovedFactory()

    response = sales.post(f"/api/v1/qualifications/{qualification.pk}/apply/", headers={"Accept-Language": "zh-hans"})

    assert [fault["detail"] for fault in response.json()["errors"]] == ["请先发布供应商资料及其登记号码。"]
    assert IdentifierFactory._meta.model.objects.count() == 0
