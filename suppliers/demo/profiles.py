"""How the suppliers present themselves, and the papers they hold."""

from __future__ import annotations

from collections.abc import Iterator

from b2b.demo import World
from b2b.demo.people import DOMAIN
from b2b.workflow import create
from suppliers.identifiers import checked
from suppliers.models import Certificate, DocumentRequirement, Identifier, SupplierProfile

ABOUT = {
    "haimao": ("Standard and drawing parts in steel, since 1998.", "标准件与图纸件，碳钢与不锈钢，始于 1998 年。"),
    "schwarzwald": ("Bearings from the Black Forest, in stock or to drawing.", "黑森林地区的轴承，现货或按图定制。"),
    "kabelwerk": ("Control, power and data cables, cut to length.", "控制、电力与数据电缆，可按长度裁切。"),
    "hengxin": ("Passive components, semiconductors and connectors.", "阻容、半导体与连接器。"),
    "pennine": ("Everything that keeps people safe at work.", "保障劳动者安全的全系列用品。"),
    "lakeshore": ("Maintenance parts for the Great Lakes, inch sizes.", "五大湖地区的维修备件，英制规格。"),
    "huanan": ("Cartons, tapes, films and pallets.", "纸箱、胶带、薄膜与托盘。"),
    "rheinchem": ("Solvents, oils and adhesives in drums and bottles.", "桶装与瓶装溶剂、油品与胶粘剂。"),
    "suda": ("Rivets and small hardware.", "铆钉与小五金。"),
    "harbour": ("We source anything.", "代采一切商品。"),
    "avonbridge": ("Sterile and non-sterile disposables for hospitals.", "医院用无菌与非无菌耗材。"),
    "landun": ("Respirators, tested to European and Chinese standards.", "按欧洲与中国标准检测的防护口罩。"),
    "linde": ("Paper, pens and files.", "纸张、笔与文件夹。"),
}  # fmt: skip
"""In English and Chinese."""

EXPIRED_ISO, NO_ISO = ("rheinchem",), ("harbour", "linde", "landun")
HIDDEN, UNFINISHED = "suda", "yunzhan"
FIRST_DUNS = 990_000_101


def load(world: World) -> None:
    for kind in ("business_licence", "code_of_conduct"):
        DocumentRequirement.objects.create(kind=kind)
    for place, name in enumerate(ABOUT):
        _profile(world, name, place)
        Certificate.objects.bulk_create(_papers(world, name))


def present_unfinished(world: World) -> None:
    """Left for last: a profile taken down, and one nobody has published yet."""
    SupplierProfile.objects.get(supplier=world[HIDDEN]).hide(actor=world.who(HIDDEN, "sales"))
    begun = SupplierProfile(supplier=world[UNFINISHED], legal_name=world[UNFINISHED].name)
    create(begun, actor=world.who(UNFINISHED, "sales"))


def _profile(world: World, name: str, place: int) -> None:
    sales, organisation = world.who(name, "sales"), world[name]
    contact = world.people[name][0].user
    profile = SupplierProfile(
        supplier=organisation,
        legal_name=organisation.name,
        native_legal_name=organisation.native_name,
        description="\n".join(ABOUT[name]),
        website=f"https://{name}.{DOMAIN}/",
        contact_name=contact.name,
        contact_email=contact.email,
        founded_year=1960 + 4 * place,
        employees=24 + 37 * place,
    )
    create(profile, actor=sales)
    duns = checked("duns", str(FIRST_DUNS + 17 * place))
    Identifier.objects.create(profile=profile, scheme="duns", value=duns)
    profile.publish(actor=sales)


def _papers(world: World, name: str) -> Iterator[Certificate]:
    keeper = world.who(name, "sales")
    own = {"supplier": world[name], "created_by_id": keeper.user_id}
    number = f"{name[:3].upper()}-{world.today.year - 1}"
    yield Certificate(kind="business_licence", issuer="Trade register 工商登记", valid_from=world.day(-1400), **own)
    yield Certificate(
        kind="code_of_conduct", issuer=world["control"].name, valid_from=world.day(-300),
        valid_until=world.day(430), **own,
    )  # fmt: skip
    if name not in NO_ISO:
        ends = world.day(-12) if name in EXPIRED_ISO else world.day(210)
        yield Certificate(
            kind="iso_9001", certificate_number=number, issuer="Invented Registrars 虚构认证",
            valid_from=world.day(-1000), valid_until=ends, **own,
        )  # fmt: skip
