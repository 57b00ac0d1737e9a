from __future__ import annotations

import contextlib
import threading
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from b2b.clock import database_now
from b2b.events import announce
from suppliers.models import Score, ScoreFact, ScorePolicy, ScorePrior
from suppliers.queries.scores import facts_behind, score_of
from suppliers.scoring import hearing
from suppliers.scoring.formula import DECAY, Evidence, band_of, component_score, rated, total_score
from suppliers.scoring.recomputation import differing_scores, rate_everybody
from tests.factories.b2b import OrganisationFactory, SupplierFactory, member
from tests.factories.suppliers import CertificateFactory, DocumentRequirementFactory, ScoreFactFactory

D = Decimal


def today():
    return database_now().date()


@pytest.fixture
def supplier():
    return SupplierFactory()


@pytest.fixture
def buyer():
    return OrganisationFactory()


def delivery(supplier, buyer, **told):
    """What procurement announces when a receipt is posted: all of one line, in time, nothing rejected."""
    promised = today() - timedelta(days=3)
    usual = {
        "supplier_id": supplier.pk,
        "buyer_id": buyer.pk,
        "order_id": uuid4(),
        "order_number": "PO-2026-000001",
        "receipt_id": uuid4(),
        "line": 1,
        "promised_on": promised,
        "received_on": promised,
        "ordered": D(100),
        "received": D(100),
        "rejected": D(0),
        "final": True,
    }
    return usual | told


# --- The arithmetic -------------------------------------------------------------------------------


def test_the_weight_of_a_fact_halves_in_six_months():
    assert DECAY[:4] == (D("1.0000"), D("0.8909"), D("0.7937"), D("0.7071"))
    assert (DECAY[6], DECAY[12], len(DECAY)) == (D("0.5000"), D("0.2500"), 13)


@pytest.mark.parametrize(
    ("weight", "marks", "prior", "score"),
    [
        (D(0), D(0), D("0.8"), D("80.00")),
        (D(5), D(5), D("0.8"), D("90.00")),
        (D(1), D(0), D("0.9"), D("75.00")),
        (D(95), D(95), D("0.6"), D("98.00")),
        (D(3), D(2), None, D("66.67")),
    ],
)
def test_a_small_sample_is_drawn_to_the_platforms_mean(weight, marks, prior, score):
    assert component_score(Evidence(1, weight, marks), prior) == score


def test_the_total_weighs_the_rated_components_only():
    evidence = {"on_time_in_full": Evidence(1, D(1), D(1)), "quality": Evidence(1, D(1), D("0.5"))}
    shares = ScorePolicy().weights()

    components = rated(evidence, {}, shares)

    assert total_score(components) == D("78.57")  # (40 · 100 + 30 · 50) / 70


def test_documents_alone_rate_nobody():
    components = rated({"documents": Evidence(2, D(2), D(2))}, {}, ScorePolicy().weights())

    assert total_score(components) is None
    assert band_of(None) == ""
    assert total_score({}) is None


@pytest.mark.parametrize(
    ("total", "band"), [("100", "A"), ("85", "A"), ("84.99", "B"), ("70", "B"), ("55", "C"), ("0", "D")]
)
def test_bands_begin_where_they_say(total, band):
    assert band_of(D(total)) == band


# --- From events to scores ------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_first_delivery_in_time_rates_the_supplier_by_it(supplier, buyer, deliver):
    announce("scoring.delivery", **delivery(supplier, buyer))

    deliver()

    score = score_of(supplier.pk, buyer.pk)
    assert (score.total, score.band) == (D("100.00"), "A")
    assert score.components["on_time_in_full"] == {
        "score": "100.00", "count": 1, "weight_sum": "1", "mark_sum": "1",
        "prior": "1", "share": 40,
    }  # fmt: skip
    assert score_of(supplier.pk).total == D("100.00")
    assert score_of(supplier.pk, OrganisationFactory().pk) is None


@pytest.mark.django_db
def test_a_late_part_moves_the_score_by_its_share_of_the_line(supplier, buyer, deliver):
    ScorePrior.objects.create(component="on_time_in_full", as_of=today(), mean=D("0.8"))
    ScorePrior.objects.create(component="quality", as_of=today(), mean=D("0.9"))
    ScorePrior.objects.create(component="price", as_of=today(), mean=D("0.9"))
    ScorePrior.objects.create(component="responsiveness", as_of=today(), mean=D("0.9"))
    first = delivery(supplier, buyer, received=D(60), final=False)
    late = first | {"receipt_id": uuid4(), "received": D(40), "received_on": today(), "rejected": D(10), "final": True}

    announce("scoring.delivery", **first)
    announce("scoring.delivery", **late)
    deliver()

    components = score_of(supplier.pk).components
    assert components["on_time_in_full"]["score"] == "76.67"  # 100 · (5 · 0.8 + 0.6) / (5 + 1)
    assert components["quality"]["score"] == "90.00"  # 100 · (5 · 0.9 + 0.6 + 0.4 · 0.75) / (5 + 1)
    assert score_of(supplier.pk).total == D("82.38")  # (40 · 76.67 + 30 · 90) / 70


@pytest.mark.django_db
def test_what_never_came_counts_late_for_the_part_that_is_missing(supplier, buyer, deliver):
    part = delivery(supplier, buyer, received=D(25), final=False)
    missing = part | {"receipt_id": None, "received_on": None, "received": 0, "rejected": 0}

    announce("scoring.delivery", **part)
    deliver()
    announce("scoring.delivery", **missing)
    deliver()

    facts = ScoreFact.objects.filter(component="on_time_in_full").order_by("mark")
    assert [(fact.mark, fact.weight) for fact in facts] == [(D(0), D("0.75")), (D(1), D("0.25"))]


@pytest.mark.django_db
def test_the_same_document_told_twice_or_corrected_is_one_fact(supplier, buyer, deliver):
    told = delivery(supplier, buyer)

    for received in (D(100), D(100), D(50)):
        announce("scoring.delivery", **told | {"received": received})
        deliver()

    facts = ScoreFact.objects.filter(component="quality")
    assert [(fact.weight, fact.source) for fact in facts] == [
        (D("0.5"), f"procurement.goodsreceipt/{told['receipt_id']}")
    ]


@pytest.mark.django_db
def test_a_line_nobody_promised_a_day_for_is_rated_by_quality_alone(supplier, buyer, deliver):
    announce("scoring.delivery", **delivery(supplier, buyer, promised_on=None))

    deliver()

    assert set(score_of(supplier.pk).components) == {"quality"}


@pytest.mark.django_db
@pytest.mark.parametrize(("outcome", "mark"), [("submitted", 1), ("declined", 1), ("withdrawn", 0), ("no_answer", 0)])
def test_an_answer_counts_and_silence_does_not(supplier, buyer, deliver, outcome, mark):
    announce(
        "scoring.response",
        supplier_id=supplier.pk,
        buyer_id=buyer.pk,
        rfq_id=uuid4(),
        quotation_id=uuid4(),
        invited_at=database_now() - timedelta(days=2),
        answered_at=None if outcome == "no_answer" else database_now(),
        outcome=outcome,
    )

    deliver()

    assert [(fact.component, fact.mark) for fact in ScoreFact.objects.all()] == [("responsiveness", mark)]


@pytest.mark.django_db
@pytest.mark.parametrize(("ratio", "mark"), [("1", "1"), ("1.25", "0.8"), ("2", "0.5"), ("0.9", "1")])
def test_the_best_price_has_one_and_twice_the_price_a_half(supplier, buyer, deliver, ratio, mark):
    announce(
        "scoring.price",
        supplier_id=supplier.pk,
        buyer_id=buyer.pk,
        rfq_id=uuid4(),
        quotation_id=uuid4(),
        ratio=D(ratio),
    )

    deliver()

    assert [fact.mark for fact in ScoreFact.objects.filter(component="price")] == [D(mark)]


# --- Recomputation --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_facts_fade_by_month_and_leave_the_window_after_a_year(supplier, buyer):
    for days, mark in ((0, 1), (29, 1), (30, 0), (180, 1), (364, 1), (365, 0)):
        ScoreFactFactory(supplier=supplier, buyer=buyer, happened_on=today() - timedelta(days=days), mark=D(mark))

    rate_everybody(as_of=today())

    told = score_of(supplier.pk, buyer.pk).components["on_time_in_full"]
    assert told["count"] == 5
    assert D(told["weight_sum"]) == D("1") + D("1") + D("0.8909") + D("0.5") + D("0.25")
    assert D(told["mark_sum"]) == D("1") + D("1") + D("0.5") + D("0.25")


@pytest.mark.django_db
def test_recomputed_is_stored_and_a_forged_number_is_found(supplier, buyer, deliver):
    DocumentRequirementFactory(kind="iso_9001")
    DocumentRequirementFactory(kind="insurance")
    CertificateFactory(supplier=supplier, kind="iso_9001")
    for days in range(4):
        announce("scoring.delivery", **delivery(supplier, buyer, received_on=today() - timedelta(days=days)))
    deliver()
    ScoreFactFactory(mark=D(0))
    rate_everybody(as_of=today())
    assert Score.objects.count() == 4

    call_command("recompute_scores", "--check")
    assert differing_scores() == []
    assert score_of(supplier.pk).components["documents"]["score"] == "50.00"

    Score.objects.filter(supplier=supplier, buyer=None).update(total=D("99.99"))
    assert [score.supplier for score in differing_scores()] == [supplier]
    with pytest.raises(CommandError, match="1 stored scores differ"):
        call_command("recompute_scores", "--check")

    call_command("recompute_scores")
    assert differing_scores() == []


@pytest.mark.django_db
def test_a_score_goes_back_to_not_rated_when_its_facts_have_left_the_window(supplier, buyer):
    ScoreFactFactory(supplier=supplier, buyer=buyer, happened_on=today())
    rate_everybody(as_of=today())
    assert score_of(supplier.pk).total == D("100.00")

    rate_everybody(as_of=today() + timedelta(days=366))

    score = score_of(supplier.pk)
    assert (score.total, score.band, score.components) == (None, "", {})


@pytest.mark.django_db
def test_a_buyers_own_weights_count_for_its_own_score(supplier, buyer):
    ScorePolicy.objects.create(buyer=buyer, on_time_in_full=0, quality=100, price=0, responsiveness=0, documents=0)
    ScoreFactFactory(supplier=supplier, buyer=buyer, component="quality", mark=D(1))
    ScoreFactFactory(supplier=supplier, buyer=buyer, component="on_time_in_full", mark=D(0))

    rate_everybody(as_of=today())

    assert score_of(supplier.pk, buyer.pk).total == D("100.00")
    assert score_of(supplier.pk).total == D("42.86")  # 30 / 70


@pytest.mark.django_db
def test_weights_that_do_not_sum_to_a_hundred_are_refused_by_the_database(buyer):
    with pytest.raises(IntegrityError, match="score_policy_weights_sum_to_100"), transaction.atomic():
        ScorePolicy.objects.create(buyer=buyer, quality=31)

    assert not ScorePolicy.objects.exists()


@pytest.mark.django_db
def test_rating_everybody_costs_the_same_statements_for_two_suppliers_as_for_ten(django_assert_max_num_queries):
    def statements() -> int:
        with django_assert_max_num_queries(20) as seen:
            rate_everybody(as_of=today())
        return len(seen)

    for _ in range(2):
        ScoreFactFactory()
    statements()  # the first one in a transaction also asks for the time
    few = statements()
    for _ in range(8):
        ScoreFactFactory()

    assert statements() == few


@pytest.mark.django_db
def test_the_facts_behind_a_score_are_shown_to_those_they_concern(supplier, buyer):
    mine = ScoreFactFactory(supplier=supplier, buyer=buyer)
    theirs = ScoreFactFactory(supplier=supplier)
    ScoreFactFactory(supplier=supplier, buyer=buyer, happened_on=today() - timedelta(days=365))
    rate_everybody(as_of=today())
    common = score_of(supplier.pk)

    seen = [
        set(facts_behind(common, member(organisation, "buyer")))
        for organisation in (buyer, supplier, OrganisationFactory())
    ]

    assert seen == [{mine}, {mine, theirs}, set()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [False, True])
def test_of_two_facts_at_once_neither_is_left_out(supplier, buyer, guarded, monkeypatch):
    """Without the lock both aggregate before the other commits, and one is missing from the score."""
    if not guarded:
        monkeypatch.setattr(hearing, "_one_at_a_time", lambda supplier_id: None)
    both_written = threading.Barrier(2, timeout=2)
    rate = hearing.rate

    def rate_when_both_have_written(*args, **kwargs):
        with contextlib.suppress(threading.BrokenBarrierError):
            both_written.wait()
        rate(*args, **kwargs)

    monkeypatch.setattr(hearing, "rate", rate_when_both_have_written)

    def hear():
        told = {name: None if value is None else str(value) for name, value in delivery(supplier, buyer).items()}
        try:
            with transaction.atomic():
                hearing.rate_delivery(**told)
        finally:
            connection.close()

    threads = [threading.Thread(target=hear) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    counted = score_of(supplier.pk).components["quality"]["count"]
    assert (ScoreFact.objects.filter(component="quality").count(), counted) == (2, 2 if guarded else 1)
