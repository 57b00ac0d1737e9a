"""The platform's starting library, and what one buyer words for itself."""

from __future__ import annotations

from b2b.demo import World
from b2b.policy import Actor
from b2b.workflow import create
from contracts import starting_library
from contracts.models import Clause, ContractTemplate
from contracts.workflow.template import Item

SHORT = "short-form"

DELIVERY = (
    "The Supplier delivers to {{ place }} within ten business days of a call-off.\nRisk passes on delivery.",
    "供方应在收到分批订单后十个工作日内将货物送达{{ place }}。\n风险自交付时起转移。",
)
NOISE = (
    "Deliveries are made between 7 a.m. and 4 p.m.",
    "送货时间为上午七时至下午四时。",
)
TERM = (
    "This contract runs from {{ starts_on }} to {{ ends_on }} between {{ buyer_name }} and {{ supplier_name }}.",
    "本合同由{{ buyer_name }}与{{ supplier_name }}订立，自{{ starts_on }}起至{{ ends_on }}止。",
)


def load(world: World) -> None:
    control = world.who("control", "compliance"), world.other("control", "compliance")
    starting_library.load(writer=control[0], approver=control[1])
    writer, approver = world.who("nordhafen", "buyer"), world.who("nordhafen", "buying_manager")
    term = _clause(world, writer, "nh-term", "Term", "期限", TERM, "term").approve(actor=approver)
    delivery = _clause(world, writer, "nh-delivery", "Delivery", "交付", DELIVERY, "delivery").approve(actor=approver)
    delivery.revise(actor=writer, text=f"{DELIVERY[0]}\n{NOISE[0]}", chinese_text=f"{DELIVERY[1]}\n{NOISE[1]}")
    _clause(world, writer, "nh-quiet-hours", "Quiet hours", "送货时段", NOISE, "delivery")
    old = _clause(world, writer, "nh-fax", "Notices by fax", "传真通知", NOISE, "general").approve(actor=approver)
    items = [Item(term), Item(delivery)]
    _template(world, writer, SHORT, "Short form", "简式合同", items).approve(actor=approver)
    _template(world, writer, "night-deliveries", "Night deliveries", "夜间送货", items)
    worn = _template(world, writer, "form-of-2009", "Form of 2009", "2009 年版", items).approve(actor=approver)
    worn.retire(actor=writer, reason="Replaced by the short form.")
    old.retire(actor=writer, reason="Nobody has a fax any more.")


def _clause(
    world: World, writer: Actor, code: str, title: str, chinese_title: str, texts: tuple[str, str], category: str
) -> Clause:
    clause = Clause(buyer=world["nordhafen"], code=code, title=title, chinese_title=chinese_title, category=category)
    create(clause, actor=writer)
    return clause.revise(actor=writer, text=texts[0], chinese_text=texts[1])  # type: ignore[no-any-return]


def _template(
    world: World, writer: Actor, code: str, name: str, chinese_name: str, items: list[Item]
) -> ContractTemplate:
    template = ContractTemplate(buyer=world["nordhafen"], code=code, name=name, chinese_name=chinese_name)
    create(template, actor=writer)
    return template.revise(  # type: ignore[no-any-return]
        actor=writer, title=name, chinese_title=chinese_name, fields=[], items=items
    )
