from __future__ import annotations

from datetime import date, timedelta

import pytest

from b2b.clock import database_now
from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.models import JournalEntry
from b2b.policy import CLOCK
from suppliers.models import Qualification
from suppliers.queries import due
from tests.factories.b2b import (
    MembershipFactory,
    OrganisationFactory,
    PlatformFactory,
    SupplierFactory,
    actor_for,
    member,
)
from tests.factories.suppliers import (
    FAR,
    ApprovedFactory,
    CategoryFactory,
    CertificateFactory,
    DocumentRequirementFactory,
    PublishedProfileFactory,
    QualificationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier():
    return PublishedProfileFactory().supplier


@pytest.fixture
def platform():
    return PlatformFactory()


def fresh(supplier, **fields):
    """A draft without what the constraints of other states need."""
    return QualificationFactory(
        supplier=supplier, valid_until=None, block_review_on=None, block_proposed_by=None, **fields
    )


def reviewer(platform):
    return member(platform, "compliance", second_factor=True)


def today() -> date:
    return database_now().date()


def test_a_supplier_applies_is_reviewed_answers_and_is_approved(supplier, platform):
    qualification, sales, staff = fresh(supplier, buyer=None), member(supplier, "sales"), reviewer(platform)

    qualification.apply(actor=sales)
    qualification.start_review(actor=staff)
    qualification.request_info(actor=staff, reason="Which plant?")
    qualification.answer(actor=sales, reason="Ningbo.")
    qualification.approve(actor=staff, valid_until=FAR)

    assert (qualification.state, qualification.valid_until) == ("approved", FAR)
    steps = list(JournalEntry.objects.of(qualification).values_list("step", "after"))
    assert steps == [
        ("create", "draft"),
        ("apply", "submitted"),
        ("start_review", "under_review"),
        ("request_info", "info_requested"),
        ("answer", "under_review"),
        ("approve", "approved"),
    ]


def test_every_missing_document_is_named_and_nothing_is_submitted(supplier):
    qualification = fresh(supplier, buyer=None)
    DocumentRequirementFactory(kind="iso_9001")
    DocumentRequirementFactory(kind="insurance")
    CertificateFactory(supplier=supplier, kind="iso_9001", valid_until=today() - timedelta(days=1))

    with pytest.raises(Blocked) as refusal:
        qualification.apply(actor=member(supplier, "sales"))

    assert [fault.code for fault in refusal.value.faults] == ["document-missing", "document-missing"]
    assert Qualification.objects.get(pk=qualification.pk).state == "draft"


def test_what_one_buyer_or_another_category_requires_is_not_asked_of_others(supplier):
    shelf = CategoryFactory()
    sub = CategoryFactory(parent=shelf)
    buyer = OrganisationFactory()
    DocumentRequirementFactory(kind="ce", category=shelf)
    DocumentRequirementFactory(kind="ccc", category=CategoryFactory())
    DocumentRequirementFactory(kind="insurance", buyer=buyer)
    DocumentRequirementFactory(kind="other", buyer=OrganisationFactory())

    general = fresh(supplier, buyer=None).required_documents()
    particular = fresh(supplier, buyer=buyer, category=sub).required_documents()

    assert general == []
    assert particular == ["ce", "insurance"]


def test_without_a_published_profile_nobody_applies():
    supplier = SupplierFactory()

    with pytest.raises(Blocked) as refusal:
        fresh(supplier, buyer=None).apply(actor=member(supplier, "sales"))

    assert [fault.code for fault in refusal.value.faults] == ["profile-missing"]


def test_a_reviewer_who_also_belongs_to_the_supplier_may_not_judge_it(supplier, platform):
    qualification = fresh(supplier, buyer=None, state="under_review")
    membership = MembershipFactory(organisation=platform, roles=["compliance"])
    MembershipFactory(organisation=supplier, user=membership.user, roles=["sales"])
    torn = actor_for(membership.user, platform)

    with pytest.raises(NotAllowed):
        qualification.approve(actor=torn, valid_until=FAR)

    assert Qualification.objects.get(pk=qualification.pk).state == "under_review"


def test_a_buyers_compliance_judges_its_own_and_not_the_platforms(supplier):
    buyer = OrganisationFactory()
    own, common = fresh(supplier, buyer=buyer, state="under_review"), fresh(supplier, buyer=None, state="under_review")
    controller = member(buyer, "compliance")

    own.approve(actor=controller, valid_until=FAR)

    with pytest.raises(NotAllowed):
        common.approve(actor=controller, valid_until=FAR)
    assert (own.state, Qualification.objects.get(pk=common.pk).state) == ("approved", "under_review")


def test_an_approval_that_has_ended_already_is_refused(supplier, platform):
    qualification = fresh(supplier, buyer=None, state="under_review")

    with pytest.raises(Invalid) as refusal:
        qualification.approve(actor=reviewer(platform), valid_until=today())

    assert [(f.pointer, f.code) for f in refusal.value.faults] == [("#/valid_until", "not-ahead")]


def test_a_rejected_supplier_appeals(supplier, platform):
    qualification = fresh(supplier, buyer=None, state="under_review")

    qualification.reject(actor=reviewer(platform), reason="No plant.")
    qualification.appeal(actor=member(supplier, "sales"), reason="There is one.")

    assert (qualification.state, qualification.reason) == ("under_review", "There is one.")


def test_a_block_needs_two_people_with_a_second_factor(supplier, platform):
    qualification = ApprovedFactory(supplier=supplier, block_review_on=None, block_proposed_by=None)
    first, second = reviewer(platform), reviewer(platform)

    with pytest.raises(Blocked):
        qualification.confirm_block(actor=second)
    qualification.propose_block(actor=first, reason="Bribery.", review_on=FAR)
    with pytest.raises(NotAllowed):
        qualification.confirm_block(actor=first)
    with pytest.raises(NotAllowed):
        qualification.confirm_block(actor=member(platform, "compliance"))
    assert Qualification.objects.get(pk=qualification.pk).state == "approved"

    qualification.confirm_block(actor=second)

    assert (qualification.state, qualification.block_review_on) == ("blocked", FAR)


def test_a_dropped_proposal_cannot_be_confirmed(supplier, platform):
    qualification = ApprovedFactory(supplier=supplier, block_review_on=None, block_proposed_by=None)
    first, second = reviewer(platform), reviewer(platform)
    qualification.propose_block(actor=first, reason="Bribery.", review_on=FAR)

    qualification.drop_block(actor=second, reason="Mistaken identity.")

    with pytest.raises(Blocked):
        qualification.confirm_block(actor=second)
    assert qualification.state == "approved"


def test_a_lifted_block_leads_back_to_review(supplier, platform):
    qualification = QualificationFactory(supplier=supplier, buyer=None, state="blocked")

    qualification.unblock(actor=reviewer(platform), reason="Cleared.")

    assert (qualification.state, qualification.block_proposed_by_id, qualification.blocked_at) == (
        "under_review",
        None,
        None,
    )


def test_a_suspension_ends_where_it_began(supplier, platform):
    qualification = QualificationFactory(supplier=supplier, buyer=None, state="conditionally_approved")

    qualification.suspend(actor=reviewer(platform), reason="Late.", until=today() + timedelta(days=5))
    assert list(due.qualifications_to_resume(database_now())) == []
    assert list(due.qualifications_to_resume(database_now() + timedelta(days=5))) == [qualification]
    qualification.resume(actor=CLOCK)

    assert (qualification.state, qualification.suspended_until) == ("conditionally_approved", None)


def test_the_clock_gives_notice_thirty_days_before_and_expires_after_the_last_day(supplier):
    soon = ApprovedFactory(supplier=supplier, valid_until=today() + timedelta(days=30))
    later = ApprovedFactory(valid_until=today() + timedelta(days=31))
    last_day = QualificationFactory(state="expiring", valid_until=today())
    over = QualificationFactory(state="expiring", valid_until=today() - timedelta(days=1))

    take_due_steps()

    states = {one.pk: Qualification.objects.get(pk=one.pk).state for one in (soon, later, last_day, over)}
    assert states == {soon.pk: "expiring", later.pk: "approved", last_day.pk: "expiring", over.pk: "expired"}


def test_a_required_certificate_that_runs_out_expires_the_qualification_and_a_new_rule_does_not(supplier):
    lapsed, untouched = ApprovedFactory(supplier=supplier), ApprovedFactory()
    DocumentRequirementFactory(kind="iso_9001")
    CertificateFactory(supplier=supplier, kind="iso_9001", valid_until=today() - timedelta(days=1))

    take_due_steps()

    assert Qualification.objects.get(pk=lapsed.pk).state == "expired"
    assert Qualification.objects.get(pk=untouched.pk).state == "approved"


def test_an_expired_supplier_requalifies_with_valid_documents_only(supplier):
    qualification = QualificationFactory(supplier=supplier, buyer=None, state="expired")
    DocumentRequirementFactory(kind="iso_9001")
    sales = member(supplier, "sales")

    with pytest.raises(Blocked):
        qualification.requalify(actor=sales)
    CertificateFactory(supplier=supplier, kind="iso_9001")
    qualification.requalify(actor=sales)

    assert qualification.state == "under_review"


def test_nobody_expires_a_qualification_that_is_still_valid(supplier):
    qualification = ApprovedFactory(supplier=supplier)

    with pytest.raises(Blocked) as refusal:
        qualification.expire(actor=CLOCK)

    assert [fault.code for fault in refusal.value.faults] == ["still-valid"]


def test_a_withdrawn_application_makes_room_for_another(supplier):
    first = fresh(supplier, buyer=None)
    first.withdraw(actor=member(supplier, "sales"))

    fresh(supplier, buyer=None)

    with pytest.raises(WrongState):
        first.apply(actor=member(supplier, "sales"))
