"""The demo data: loaded once for all tests here, and looked at from every side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from time import process_time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.test.utils import override_settings

from b2b.clockwork import take_due_steps
from b2b.demo.cast import PEOPLE
from b2b.demo.loading import NEWEST_UNREAD
from b2b.demo.logins import code_of_the_moment
from b2b.demo.people import DOMAIN, PASSWORD, SECRET, address
from b2b.exchange import DEMO, rates_on
from b2b.journal.verification import verify
from b2b.models import (
    Job,
    JournalEntry,
    Membership,
    Notification,
    NotificationPreference,
    Organisation,
    OutboxMessage,
    Role,
    User,
)
from b2b.own_apps import own_apps
from b2b.policy import Actor
from b2b.workflow.document import documents
from contracts.models import CallOff, Contract
from credit.models import CreditAccount, LedgerEntry
from credit.recomputation import differences
from procurement.models import GoodsReceipt, Invoice, PurchaseOrder, RequestForQuotation, Requisition
from quotations.comparison import comparison
from quotations.models import Award, Quotation
from suppliers.models import Category, Product, ScoreFact
from suppliers.pricing import prices_in_force
from suppliers.queries.scores import score_of
from suppliers.scoring.recomputation import differing_scores
from suppliers.standing import standing
from tests.factories.b2b import actor_for

# The first test waits for the loading, which takes its time on a busy machine.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

PASSING = {
    "uploads.upload": [
        "applying",
        "failed",
        "reading",
        "stopping",
        "undoing",
        "uploaded",  # The next worker; or a fault of ours.
    ],
    "procurement.invoice": ["submitted"],  # The next worker matches it.
    "quotations.quotation": ["awarded", "partially_awarded"],  # The order or contract follows at once.
    "contracts.contract": [
        "approved",  # The next worker draws the PDF.
        "expired",  # What is signed today cannot have ended yesterday, and what is signed is frozen.
    ],
}
"""States in which no demo document stays."""
MOST_SECONDS = 60


@pytest.fixture(scope="module")
def loading(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[float]:
    """Seconds of this process's own the loading took; afterwards the tables are emptied."""
    with django_db_blocker.unblock():
        begun = process_time()
        with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("demo")):
            call_command("load_demo", stdout=StringIO())
        yield process_time() - begun
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def _loaded(loading: float) -> None:
    """Every test here sees the demo."""


def known_as(name: str) -> Organisation:
    return Organisation.objects.get(name__contains=name)


def person(mailbox: str) -> Actor:
    membership = Membership.objects.select_related("user", "organisation").get(user__email=f"{mailbox}@{DOMAIN}")
    return actor_for(membership.user, membership.organisation)


# --- What there is --------------------------------------------------------------------------------
def test_each_document_is_there_in_every_state_it_can_stay_in():
    ours = {config.label for config in own_apps()} - {"sample"}
    machines = [model for model in documents() if model._meta.app_label in ours]

    missing = {
        model._meta.label_lower: sorted(absent)
        for model in machines
        if (absent := model.states().keys() - set(model._base_manager.values_list("state", flat=True)))
    }

    assert missing == PASSING


def test_the_catalogue_is_large_bilingual_and_priced():
    listed = Product.objects.filter(state="listed")
    assert 300 <= Product.objects.count() <= 400
    assert not Product.objects.filter(native_name="").exists()
    assert Category.objects.filter(depth=3).exists()
    assert not listed.filter(stock=None).exists()

    quantities = {item.pk: item.moq for item in listed}
    buyer, today = known_as("Nordhafen"), rates_on_today().on
    priced = prices_in_force(quantities, buyer_id=buyer.pk, currency="EUR", on=today)

    assert priced.keys() == quantities.keys()


def test_every_role_is_held_and_every_login_works():
    held = {role for roles in Membership.objects.values_list("roles", flat=True) for role in roles}
    assert held == set(Role.values)

    for login in PEOPLE:
        user = User.objects.get(email=address(login))
        assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()
        assert Authenticator.objects.filter(user=user).exists() == login.has_code
    assert len(set(User.objects.values_list("password", flat=True))) == 1
    assert user.check_password(PASSWORD)


def test_the_printed_secret_makes_codes_the_sign_in_takes():
    signatory = Authenticator.objects.get(user__email=f"signatory@{DOMAIN}")

    assert SECRET not in str(signatory.data)
    assert TOTP(signatory).validate_code(code_of_the_moment())


def test_amounts_convert_by_rates_that_say_they_are_invented():
    table = rates_on_today()

    assert table.source == DEMO
    assert {"CNY", "GBP", "USD"} <= {row.currency for row in table.rates}


def rates_on_today():
    return rates_on(User.objects.get(email=f"buyer@{DOMAIN}").date_joined.date())


def test_one_comparison_has_five_bidders_in_three_currencies_and_gaps():
    rfq = RequestForQuotation.objects.get(title__startswith="Conveyor line 7")

    compared = comparison(rfq)

    assert sorted(bidder.rank for bidder in compared.bidders if bidder.rank) != []
    assert len(compared.bidders) == 5
    assert {bidder.currency for bidder in compared.bidders} == {"EUR", "CNY", "USD"}
    assert len(compared.lines) == 14


def test_good_and_bad_suppliers_stand_and_score_as_they_should():
    buyer, today = known_as("Nordhafen"), rates_on_today().on
    names = ("Haimao", "Huanan", "Harbour", "Suda", "Rheinchem", "Landun")
    found = {name: known_as(name).pk for name in names}

    stands = standing(found.values(), buyer_id=buyer.pk, on=today)
    states = {name: stands[key].state for name, key in found.items()}
    scores = {name: score_of(key) for name, key in found.items()}

    assert states == {
        "Haimao": "approved",
        "Huanan": "conditionally_approved",
        "Harbour": "blocked",
        "Suda": "suspended",
        "Rheinchem": "expired",
        "Landun": "approved",
    }
    assert min(scores["Haimao"].total, 85) == 85
    assert max(scores[name].total for name in ("Huanan", "Harbour", "Suda")) < 80
    assert scores["Landun"] is None


def test_scores_rest_on_facts_of_many_months():
    days = sorted(ScoreFact.objects.values_list("happened_on", flat=True))

    assert days[-1] - days[0] > timedelta(days=180)


@pytest.mark.parametrize(
    ("mailbox", "lists"),
    [
        ("requester", [Requisition, RequestForQuotation]),
        ("buyer", [RequestForQuotation, Quotation, Award, PurchaseOrder, Contract, CallOff]),
        ("receiver", [PurchaseOrder, GoodsReceipt]),
        ("finance", [Invoice, CreditAccount]),
        ("buyer.yunzhan", [RequestForQuotation, Quotation, Award, PurchaseOrder, Contract]),
        ("buyer.wessex", [RequestForQuotation, Quotation, PurchaseOrder]),
        ("sales", [RequestForQuotation, Quotation, PurchaseOrder, Contract, Product]),
        ("credit", [CreditAccount, Invoice]),
        ("auditor", [RequestForQuotation, Award, PurchaseOrder, Contract, Invoice]),
    ],
)
def test_each_desk_finds_something_on_its_lists(mailbox, lists):
    actor = person(mailbox)

    empty = [model.__name__ for model in lists if not model.objects.visible_to(actor).exists()]

    assert empty == []


def test_everybody_has_news_but_not_too_much():
    unread = Counter(Notification.objects.unread().values_list("recipient__email", flat=True))

    assert max(unread.values()) == NEWEST_UNREAD
    assert {f"{mailbox}@{DOMAIN}" for mailbox in ("buyer", "manager", "finance", "sales")} <= unread.keys()


# --- That it is sound -----------------------------------------------------------------------------
def test_the_journal_is_whole():
    assert verify() == []


def test_every_step_was_taken_by_somebody_of_the_demo_or_by_the_clock():
    people = JournalEntry.objects.exclude(user=None)

    assert not people.exclude(user__email__endswith=f"@{DOMAIN}").exists()
    assert not JournalEntry.objects.filter(step__in=["approve", "sign", "consent", "pay"], user=None).exists()


def test_credit_agrees_with_the_ledger_and_the_documents():
    assert LedgerEntry.objects.exists()
    assert differences() == []


def test_stored_scores_are_those_the_facts_give():
    assert differing_scores() == []


def test_nothing_is_left_but_drawings_for_the_worker():
    waiting = OutboxMessage.objects.exclude(state=OutboxMessage.State.DONE)

    assert set(waiting.values_list("task", flat=True)) == {"procurement.print_order"}
    assert not OutboxMessage.objects.exclude(error="").exists()
    assert not Job.objects.exclude(state="done").exists()
    assert take_due_steps() == 0


def test_no_letter_was_sent_and_nobody_declines_letters_from_now_on():
    assert not Notification.objects.exclude(mailed_at=None).exists()
    assert not NotificationPreference.objects.exists()


# --- The command ----------------------------------------------------------------------------------
def test_a_second_run_changes_nothing():
    entries, said = JournalEntry.objects.count(), StringIO()

    call_command("load_demo", stdout=said)

    assert said.getvalue() == "The demo data are there already.\n"
    assert JournalEntry.objects.count() == entries


def test_the_logins_are_printed_with_password_and_secret():
    said = StringIO()

    call_command("load_demo", "--logins", stdout=said)

    text = said.getvalue()
    assert PASSWORD in text
    assert SECRET in text
    assert all(login.mailbox in text for login in PEOPLE if login.purpose)


def test_the_code_of_the_moment_can_be_asked_for():
    said = StringIO()

    call_command("load_demo", "--code", stdout=said)

    assert said.getvalue() == f"{code_of_the_moment()}\n"


def test_it_loads_within_a_minute(loading):
    assert loading < MOST_SECONDS
