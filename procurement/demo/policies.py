"""How each of the demo's buyers buys: strictly, quickly, and by the clock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from b2b.demo import World
from b2b.workflow import create
from procurement.models import ProcurementPolicy

POLICIES: dict[str, dict[str, Any]] = {
    "nordhafen": {
        "requisition_limit": 1_000,
        "publish_limit": 10_000,
        "order_approval_limit": 5_000,
        "order_second_limit": 20_000,
        "invoice_second_limit": 20_000,
        "award_endorsement_limit": 100_000,
        "minimum_quotations": 2,
        "minimum_days_open": 3,
        "standstill_days": 10,
        "opening": "two",
        "receipt_tolerance": "0.05",
        "change_tolerance": "0.03",
        "match_price_tolerance": "0.01",
        "match_quantity_tolerance": "0",
        "vat_category": "S",
        "vat_rate": 19,
    },
    "yunzhan": {
        "requisition_limit": 5_000,
        "publish_limit": 100_000,
        "order_approval_limit": 50_000,
        "standstill_days": 3,
        "opening": "clock",
        "receipt_tolerance": "0.02",
        "vat_category": "S",
        "vat_rate": 13,
    },
    "wessex": {
        "publish_limit": 25_000,
        "minimum_quotations": 1,
        "standstill_days": 10,
        "opening": "one",
        "vat_category": "S",
        "vat_rate": 20,
    },
}


def load(world: World) -> None:
    for name, values in POLICIES.items():
        decimals = {key: Decimal(str(value)) if _is_amount(key) else value for key, value in values.items()}
        create(ProcurementPolicy(buyer=world[name], **decimals), actor=world.who(name, "admin"))


def _is_amount(key: str) -> bool:
    return key.endswith(("_limit", "_tolerance", "_rate"))
