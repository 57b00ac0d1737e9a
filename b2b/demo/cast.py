"""Who plays in the demo. All names, numbers and addresses are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


def _organisation(name: str, native_name: str, country: str, address: str, **more: Any) -> dict[str, Any]:
    currency, zone, language = {
        "DE": ("EUR", "Europe/Berlin", "en"),
        "CN": ("CNY", "Asia/Shanghai", "zh-hans"),
        "GB": ("GBP", "Europe/London", "en"),
        "US": ("USD", "America/Chicago", "en"),
    }[country]
    facts = {"name": name, "native_name": native_name, "country": country, "address": address}
    return facts | {"currency": currency, "time_zone": zone, "language": language, **more}


_BUYS, _SUPPLIES = {"is_buyer": True}, {"is_supplier": True}

ORGANISATIONS: dict[str, dict[str, Any]] = {
    "nordhafen": _organisation(
        "Nordhafen Maschinenbau GmbH", "北港机械制造有限公司", "DE", "Am Werftkai 14\n20457 Hamburg", **_BUYS
    ),
    "yunzhan": _organisation(
        "Shenzhen Yunzhan Electronics Co., Ltd.", "深圳市云栈电子有限公司", "CN",
        "广东省深圳市宝安区云栈路 88 号\n518101", **_BUYS, **_SUPPLIES,
    ),
    "wessex": _organisation(
        "Wessex Meadows Hospitals Group", "韦塞克斯草原医院集团", "GB", "2 Meadow Rise\nWinchester SO23 0XX", **_BUYS
    ),
    "haimao": _organisation(
        "Ningbo Haimao Fasteners Co., Ltd.", "宁波海锚紧固件有限公司", "CN",
        "浙江省宁波市镇海区海锚路 6 号\n315200", **_SUPPLIES,
    ),
    "schwarzwald": _organisation(
        "Schwarztal Wälzlager GmbH", "黑谷滚动轴承有限公司", "DE", "Lagerweg 3\n78120 Furtwangen", **_SUPPLIES
    ),
    "kabelwerk": _organisation(
        "Kabelwerk Elbtal GmbH", "易北河谷电缆厂有限公司", "DE", "Drahtstraße 21\n01445 Radebeul", **_SUPPLIES
    ),
    "hengxin": _organisation(
        "Suzhou Hengxin Components Co., Ltd.", "苏州恒芯电子元件有限公司", "CN",
        "江苏省苏州市工业园区恒芯街 19 号\n215021", **_SUPPLIES,
    ),
    "pennine": _organisation(
        "Pennine Safety Supplies Ltd", "奔宁安全用品有限公司", "GB", "Unit 7, Millrace Park\nHuddersfield HD1 6XX",
        **_SUPPLIES,
    ),
    "lakeshore": _organisation(
        "Lakeshore Industrial Supply Inc.", "湖岸工业供应公司", "US", "4100 Harbor Avenue\nMilwaukee, WI 53200",
        **_SUPPLIES,
    ),
    "huanan": _organisation(
        "Guangzhou Huanan Packaging Co., Ltd.", "广州华南包装制品有限公司", "CN",
        "广东省广州市黄埔区华包大道 5 号\n510700", **_SUPPLIES,
    ),
    "rheinchem": _organisation(
        "Rheinchem Spezialitäten GmbH", "莱茵化学特品有限公司", "DE", "Laborstraße 9\n51373 Leverkusen", **_SUPPLIES
    ),
    "suda": _organisation(
        "Wenzhou Suda Hardware Co., Ltd.", "温州速达五金有限公司", "CN", "浙江省温州市龙湾区速达路 71 号\n325000",
        **_SUPPLIES,
    ),
    "harbour": _organisation(
        "Harbour & Quay Sourcing Ltd", "港码采购有限公司", "GB", "11 Quay Lane\nHull HU1 2XX", **_SUPPLIES
    ),
    "avonbridge": _organisation(
        "Avonbridge Medical Disposables Ltd", "埃文桥医用耗材有限公司", "GB", "40 Bridge Street\nBath BA2 4XX",
        **_SUPPLIES,
    ),
    "landun": _organisation(
        "Qingdao Landun Protective Products Co., Ltd.", "青岛蓝盾防护用品有限公司", "CN",
        "山东省青岛市城阳区蓝盾路 2 号\n266100", **_SUPPLIES,
    ),
    "linde": _organisation(
        "Papierhaus Lindenau GmbH", "林德瑙纸品有限公司", "DE", "Lindenallee 30\n04177 Leipzig", **_SUPPLIES
    ),
    "control": _organisation(
        "Hanse Control", "汉萨管控中心", "DE", "Speicherstadt 1\n20457 Hamburg", is_platform=True
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Login:
    """One account; ``has_code`` where it asks for a one-time code as well."""

    mailbox: str
    name: str
    organisation: str
    roles: tuple[str, ...]
    has_code: bool = False
    is_staff: bool = False
    purpose: str = ""
    """What one would sign in for; people without one are not printed by ``--logins``."""


PEOPLE = (
    # The German machine builder: one person for each role, so that every screen can be tried.
    Login("requester", "Jonas Brandt", "nordhafen", ("requester",), purpose="writes requisitions"),
    Login("buyer", "Mareike Lorenz", "nordhafen", ("buyer",), purpose="writes RFQs, awards and orders"),
    Login("manager", "Sabine Ahlers", "nordhafen", ("buying_manager",), purpose="approves them"),
    Login("receiver", "Okan Yıldız", "nordhafen", ("receiver",), purpose="posts receipts"),
    Login("finance", "Birte Hansen", "nordhafen", ("finance",), purpose="approves invoices, asks for credit"),
    Login("admin", "Thea Wulff", "nordhafen", ("admin",), purpose="members and procurement policy"),
    Login("opener", "Henning Voss", "nordhafen", ("buyer",), has_code=True, purpose="opens quotations, as one of two"),
    Login("compliance", "Inga Petersen", "nordhafen", ("compliance",), has_code=True, purpose="is the other of two"),
    Login("treasurer", "Karsten Lüdemann", "nordhafen", ("finance",), has_code=True, purpose="pays invoices"),
    Login("signatory", "Ole Carstens", "nordhafen", ("signatory",), has_code=True, purpose="signs for the buyer"),
    # The electronics maker in Shenzhen.
    Login("buyer.yunzhan", "陈静 Chen Jing", "yunzhan", ("buyer", "requester"), purpose="a buyer who reads Chinese"),
    Login("manager.yunzhan", "王志强 Wang Zhiqiang", "yunzhan", ("buying_manager",), purpose="approves there"),
    Login("sales.yunzhan", "马俊 Ma Jun", "yunzhan", ("sales",)),
    Login("receiver.yunzhan", "李娜 Li Na", "yunzhan", ("receiver",)),
    Login("finance.yunzhan", "赵敏 Zhao Min", "yunzhan", ("finance", "admin"), has_code=True),
    Login("compliance.yunzhan", "周海燕 Zhou Haiyan", "yunzhan", ("compliance", "signatory"), has_code=True),
    # The hospitals.
    Login("buyer.wessex", "Priya Nair", "wessex", ("buyer", "requester"), has_code=True),
    Login("manager.wessex", "Gareth Pugh", "wessex", ("buying_manager",), purpose="manages a hospital group's buying"),
    Login("receiver.wessex", "Femi Adeyemi", "wessex", ("receiver",)),
    Login("finance.wessex", "Ruth Callaghan", "wessex", ("finance", "admin"), has_code=True),
    Login("compliance.wessex", "Duncan Reid", "wessex", ("compliance", "signatory"), has_code=True),
    # The suppliers.
    Login("sales", "何建国 He Jianguo", "haimao", ("sales",), purpose="quotes and delivers (fasteners, Ningbo)"),
    Login("credit", "孙丽华 Sun Lihua", "haimao", ("finance", "admin"), purpose="grants credit to buyers"),
    Login(
        "seller-signatory", "徐伟 Xu Wei", "haimao", ("signatory",), has_code=True, purpose="signs for the supplier"
    ),
    Login("sales.schwarztal", "Anselm Kern", "schwarzwald", ("sales", "admin"), purpose="a rival (bearings)"),
    Login("finance.schwarztal", "Gerlinde Faller", "schwarzwald", ("finance", "signatory"), has_code=True),
    Login("sales.elbtal", "Cornelia Mai", "kabelwerk", ("sales", "admin")),
    Login("finance.elbtal", "Ralf Zschau", "kabelwerk", ("finance", "signatory"), has_code=True),
    Login("sales.hengxin", "吴晓东 Wu Xiaodong", "hengxin", ("sales", "admin")),
    Login("finance.hengxin", "郑雪 Zheng Xue", "hengxin", ("finance", "signatory"), has_code=True),
    Login("sales.pennine", "Joanne Sykes", "pennine", ("sales", "admin")),
    Login("finance.pennine", "Alan Firth", "pennine", ("finance", "signatory"), has_code=True),
    Login("sales.lakeshore", "Brenda Novak", "lakeshore", ("sales", "admin")),
    Login("finance.lakeshore", "Curtis Olson", "lakeshore", ("finance", "signatory"), has_code=True),
    Login("sales.huanan", "梁文辉 Liang Wenhui", "huanan", ("sales", "admin"), purpose="a supplier often late"),
    Login("finance.huanan", "谭芳 Tan Fang", "huanan", ("finance", "signatory"), has_code=True),
    Login("sales.rheinchem", "Dirk Esser", "rheinchem", ("sales", "admin")),
    Login("finance.rheinchem", "Heike Broich", "rheinchem", ("finance", "signatory"), has_code=True),
    Login("sales.suda", "林永 Lin Yong", "suda", ("sales", "admin"), purpose="a suspended supplier"),
    Login("finance.suda", "蔡红 Cai Hong", "suda", ("finance", "signatory"), has_code=True),
    Login("sales.harbour", "Max Trevelyan", "harbour", ("sales", "admin"), purpose="a blocked supplier"),
    Login("finance.harbour", "Nora Quill", "harbour", ("finance", "signatory"), has_code=True),
    Login("sales.avonbridge", "Imogen Clarke", "avonbridge", ("sales", "admin")),
    Login("finance.avonbridge", "Peter Hale", "avonbridge", ("finance", "signatory"), has_code=True),
    Login("sales.landun", "宋佳 Song Jia", "landun", ("sales", "admin"), purpose="a supplier not rated yet"),
    Login("finance.landun", "于洋 Yu Yang", "landun", ("finance", "signatory"), has_code=True),
    Login("sales.lindenau", "Beate Thiele", "linde", ("sales", "admin")),
    Login("finance.lindenau", "Uwe Krause", "linde", ("finance", "signatory"), has_code=True),
    # The platform's own staff.
    Login(
        "control", "Martha Hinrichs", "control", ("compliance",), has_code=True, is_staff=True,
        purpose="the platform's compliance; also /admin/",
    ),
    Login("second-control", "刘思远 Liu Siyuan", "control", ("compliance",), has_code=True),
    Login("auditor", "Friedrich Tamm", "control", ("auditor",), is_staff=True, purpose="reads everything"),
    Login("platform-admin", "Wiebke Jürgens", "control", ("admin",)),
)  # fmt: skip
