"""Saving an offer: checked, sealed, hashed, and kept as a version of its own. Nothing of it is written in clear."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Blocked, Fault, Invalid
from b2b.policy import Actor
from b2b.rows import insert
from b2b.sealing import seal
from b2b.sheets.absent import says_nothing
from b2b.workflow import editing
from quotations.models import Quotation, QuotationVersion
from quotations.offer import HUNDRED, Offer, OfferedLine, Tier, content_hash
from quotations.workflow.quotation_guards import before_deadline

LARGEST_PRICE = Decimal("99999999999999.999999")
LONGEST_NOTE = 500
LONGEST_LEAD_TIME_DAYS = 3650
MOST_TIERS = MOST_ALTERNATIVES = 20

Change = Callable[[Offer], Offer]


def save_offer(quotation: Quotation, change: Change, *, actor: Actor, expected_version: int | None = None) -> Quotation:
    """Apply ``change`` to the last version and seal the result as the next one.

    Raises ``Invalid`` with every fault, ``Blocked`` after the deadline, and what ``editing`` raises. An offer
    that says the same as before makes no new version.
    """
    with editing(quotation, actor=actor, expected_version=expected_version):
        if fault := before_deadline(quotation):
            raise Blocked(faults=[fault])
        present = quotation.offer()
        offer = change(present)
        if faults := list(faults_in(offer, quotation)):
            raise Invalid(faults=faults)
        if offer != present or not quotation.sealed_version:
            _seal(quotation, offer, actor)
    return quotation


def _seal(quotation: Quotation, offer: Offer, actor: Actor) -> None:
    content = offer.to_bytes()
    quotation.sealed_version += 1
    quotation.sealed_sha256 = content_hash(content)
    quotation.currency = offer.currency
    version = QuotationVersion(
        quotation=quotation,
        number=quotation.sealed_version,
        sealed=seal(content),
        sha256=quotation.sealed_sha256,
        saved_by_id=actor.user_id,
    )
    insert([version])


def faults_in(offer: Offer, quotation: Quotation) -> Iterator[Fault]:
    """Everything wrong with an offer for this RFQ; no sentence repeats a price."""
    rfq = quotation.rfq
    if offer.currency not in {rfq.currency, *rfq.quotation_currencies}:
        yield Fault("#/currency", "currency-not-taken", gettext("The RFQ does not take quotations in this currency."))
    if not 0 <= offer.discount_percent < HUNDRED or _places(offer.discount_percent) > 4:  # noqa: PLR2004
        yield Fault(
            "#/discount_percent",
            "discount-range",
            gettext("A discount is from 0 to less than 100 percent, to four places."),
        )
    if offer.valid_until is not None and offer.valid_until < database_now().date():
        yield Fault("#/valid_until", "in-the-past", gettext("Choose a day that has not passed."))
    asked = set(rfq.line_numbers())
    for number, line in sorted(offer.lines.items()):
        if number not in asked:
            yield Fault(
                f"#/lines/{number}", "no-such-line", gettext("The RFQ has no line %(line)s.") % {"line": number}
            )
        yield from _line_faults(number, line)


def _line_faults(number: int, line: OfferedLine) -> Iterator[Fault]:
    at = f"#/lines/{number}"
    if line.no_bid == (line.unit_price is not None):
        yield Fault(
            f"{at}/unit_price", "price-or-no-bid", gettext("Give a price, or mark the line “no bid”: one of the two.")
        )
    yield from _price_faults(line.unit_price, at)
    if line.tiers and line.no_bid:
        yield Fault(f"{at}/no_bid", "tier-without-price", gettext("Give the price for small quantities, too."))
    yield from _tier_faults(line.tiers, at)
    yield from _alternative_faults(line, at)
    if line.lead_time_days is not None and not 0 <= line.lead_time_days <= LONGEST_LEAD_TIME_DAYS:
        yield Fault(f"{at}/lead_time_days", "lead-time-range", gettext("A lead time is from 0 to 3650 days."))
    if len(line.note) > LONGEST_NOTE:
        yield Fault(f"{at}/note", "too-long", gettext("A note has at most 500 characters."))


def _price_faults(price: Decimal | None, at: str) -> Iterator[Fault]:
    if price is not None and not 0 <= price <= LARGEST_PRICE:
        detail = gettext("A price is not negative and has at most 14 digits before the point.")
        yield Fault(f"{at}/unit_price", "price-range", detail)
    if price is not None and _places(price) > 6:  # noqa: PLR2004
        yield Fault(f"{at}/unit_price", "price-places", gettext("A unit price has at most six decimal places."))


def _tier_faults(tiers: Sequence[Tier], at: str) -> Iterator[Fault]:
    if len(tiers) > MOST_TIERS:
        yield Fault(f"{at}/tiers", "too-many-tiers", gettext("A price has at most 20 tiers."))
    if len({tier.from_quantity for tier in tiers}) < len(tiers):
        yield Fault(f"{at}/from_quantity", "tier-twice", gettext("Two prices are for the same quantity."))
    for tier in tiers:
        if tier.from_quantity <= 0:
            yield Fault(f"{at}/from_quantity", "not-positive", gettext("A quantity is greater than zero."))
        yield from _price_faults(tier.unit_price, at)


def _alternative_faults(line: OfferedLine, at: str) -> Iterator[Fault]:
    names = [one.name.casefold() for one in line.alternatives]
    if len(names) > MOST_ALTERNATIVES:
        detail = gettext("At most 20 alternatives may be offered for a line.")
        yield Fault(f"{at}/alternatives", "too-many-alternatives", detail)
    if len(set(names)) < len(names) or not all(name.strip() and not says_nothing(name) for name in names):
        detail = gettext("Every alternative needs a name of its own.")
        yield Fault(f"{at}/alternative", "alternative-twice", detail)
    for one in line.alternatives:
        yield from _price_faults(one.unit_price, at)
        yield from _tier_faults(one.tiers, at)


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else LONGEST_NOTE
