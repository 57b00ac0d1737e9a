"""What the demo's buyers ask prices for; estimates in their own currencies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of an RFQ."""

    item: str
    quantity: int
    estimate: str
    unit: str = "H87"
    section: str = ""
    mandatory: bool = True


_MECHANICS, _ELECTRICS, _SPARES = "Mechanics 机械", "Electrics 电气", "Spares 备件"

CONVEYOR = (
    Wanted("Hex bolt M12×40, zinc plated 六角头螺栓", 12_000, "0.19", section=_MECHANICS),
    Wanted("Hex bolt M16×60, zinc plated 六角头螺栓", 4_000, "0.48", section=_MECHANICS),
    Wanted("Hexagon nut M12 六角螺母", 12_000, "0.05", section=_MECHANICS),
    Wanted("Hexagon nut M16 六角螺母", 4_000, "0.11", section=_MECHANICS),
    Wanted("Plain washer M12 平垫圈", 24_000, "0.02", section=_MECHANICS),
    Wanted("Deep groove ball bearing 6206-2RS 深沟球轴承", 320, "6.40", section=_MECHANICS),
    Wanted("Deep groove ball bearing 6308-2RS 深沟球轴承", 160, "14.20", section=_MECHANICS),
    Wanted("Control cable 5G1.5 mm² 控制电缆", 2_500, "1.35", unit="MTR", section=_ELECTRICS),
    Wanted("Control cable 12G0.75 mm² 控制电缆", 900, "2.80", unit="MTR", section=_ELECTRICS),
    Wanted("Rubber cable 5×4 mm² 橡套电缆", 400, "5.10", unit="MTR", section=_ELECTRICS),
    Wanted("Patch cable Cat 6A, 5 m 网络跳线", 120, "6.90", section=_ELECTRICS),
    Wanted("Tapered roller bearing 30208 圆锥滚子轴承", 48, "21.50", section=_SPARES),
    Wanted("Socket head cap screw M8×25 内六角螺钉", 6_000, "0.09", section=_SPARES),
    Wanted("Thread locker, medium, 50 ml 螺纹胶", 60, "9.40", section=_SPARES, mandatory=False),
)

BOLTS = (
    Wanted("Hex bolt M8×30, steel 8.8", 20_000, "0.06"),
    Wanted("Hex bolt M10×40, steel 8.8", 15_000, "0.11"),
    Wanted("Hexagon nut M8, steel 8", 20_000, "0.02"),
    Wanted("Hexagon nut M10, steel 8", 15_000, "0.04"),
)

BEARINGS = (
    Wanted("Deep groove ball bearing 6205-2RS", 600, "4.90"),
    Wanted("Deep groove ball bearing 6207-ZZ", 400, "7.20"),
    Wanted("Tapered roller bearing 30206", 150, "13.80"),
)

CABLES = (
    Wanted("Control cable 7G1.5 mm²", 3_000, "1.90", unit="MTR"),
    Wanted("Control cable 4G2.5 mm²", 1_500, "1.75", unit="MTR"),
)

PROTECTION = (
    Wanted("Work gloves, cut-proof, size 10", 1_200, "3.10", unit="PR"),
    Wanted("Safety glasses, clear", 400, "2.40"),
    Wanted("Safety boots S3, size 43", 80, "39.00", unit="PR"),
)

COMPONENTS = (
    Wanted("贴片电阻 0603 10K 1%", 500_000, "0.026"),
    Wanted("多层陶瓷电容 0603 100nF X7R", 400_000, "0.048"),
    Wanted("N 沟道 MOSFET 60 V 20 A，TO-252", 30_000, "1.35"),
    Wanted("板端连接器，间距 2.54 毫米，8 针", 20_000, "0.62"),
)

HARDWARE = (
    Wanted("六角头螺栓 M6×20，A2 不锈钢", 60_000, "0.52"),
    Wanted("平垫圈 M6，A2 不锈钢", 60_000, "0.09"),
)

WARDS = (
    Wanted("Examination gloves, nitrile, M, box of 200", 3_000, "5.10", unit="XBX"),
    Wanted("Syringe, three-part, 10 ml, sterile", 40_000, "0.09"),
    Wanted("Gauze dressing 10×10 cm, sterile, pack of 25", 2_400, "1.70", unit="XPK"),
)
