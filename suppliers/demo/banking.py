"""Where the suppliers want to be paid: confirmed for those who are, and one account in each other state."""

from __future__ import annotations

from stdnum import iban

from b2b.demo import World, days_pass
from b2b.workflow import create
from suppliers.models import BankAccount
from suppliers.workflow.bank import COOLING_DAYS

PAID = (
    "haimao", "schwarzwald", "kabelwerk", "hengxin", "pennine", "lakeshore", "huanan", "rheinchem", "suda", "harbour",
    "avonbridge", "linde",
)  # fmt: skip
UNKNOWN_BANK = "99999999"
"""No German bank has this code."""


def load(world: World) -> None:
    checker = world.with_code("control", "compliance")
    _put_forward(world, "haimao", 900).confirm(actor=checker)
    for place, name in enumerate(PAID):
        _put_forward(world, name, place).confirm(actor=checker)
    days_pass(BankAccount.objects.all(), COOLING_DAYS + 60)
    _put_forward(world, "huanan", 901).refuse(actor=checker, reason="The holder is not the supplier.")
    _put_forward(world, "landun", 902)


def _put_forward(world: World, name: str, place: int) -> BankAccount:
    organisation = world[name]
    account = BankAccount(
        supplier=organisation,
        holder=organisation.name,
        bank_name="Invented Bank 虚构银行",
        country=organisation.country,
    )
    account.account = _number(organisation.country, place)
    return create(account, actor=world.who(name, "finance"))


def _number(country: str, place: int) -> str:
    digits = f"{place:010}"
    if country != "DE":
        return f"{UNKNOWN_BANK}{digits}"
    rest = f"{UNKNOWN_BANK}{digits}"
    return f"DE{iban.calc_check_digits(f'DE00{rest}')}{rest}"
