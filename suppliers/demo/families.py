"""The catalogue's patterns (``catalogue.toml``) spelt out: every product of every family."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from itertools import product
from typing import Any

CHINESE = {
    "amber": "琥珀色", "anti-fog": "防雾", "black": "黑色", "blue": "蓝色", "brown": "棕色", "clear": "透明",
    "cut-proof": "防割", "green": "绿色", "grey": "灰色", "high": "高强度", "leather": "皮革", "low": "低强度",
    "medium": "中强度", "nitrile": "丁腈", "printed": "印字", "red": "红色", "tinted": "有色", "white": "白色",
    "yellow": "黄色", "Acetone": "丙酮", "Ethanol": "乙醇", "Isopropanol": "异丙醇",
}  # fmt: skip
"""What sizes in words are called in the Chinese names."""

PRICE_PLACES = Decimal("0.0001")
BORE_STEP_MM = 5
"""The last two digits of a bearing's number, times five, are its bore."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One product, with its price in EUR for one unit in small quantities."""

    supplier: str
    category: str
    values: Mapping[str, Any]
    price: Decimal


def tables() -> dict[str, Any]:
    """``category`` and ``family`` as the file has them; prices as decimals."""
    text = files("suppliers.demo").joinpath("catalogue.toml").read_text("utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def products() -> Iterator[Listed]:
    for family in tables()["family"]:
        for place, sizes in enumerate(_sizes(family["axes"]), start=1):
            yield _listed(family, sizes, place)


def _sizes(axes: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for chosen in product(*axes.values()):
        yield dict(zip(axes, chosen, strict=True))


def _listed(family: Mapping[str, Any], sizes: dict[str, Any], place: int) -> Listed:
    filled = {**sizes, "n": f"{place:02}", "bore": sizes.get("b", 0) * BORE_STEP_MM}
    native = {name: CHINESE.get(value, value) for name, value in filled.items()}
    values = {
        "sku": family["sku"].format(**filled),
        "name": family["name"].format(**filled),
        "native_name": family["native"].format(**native),
        "brand": family.get("brand", ""),
        "part_number": family.get("part", "").format(**filled),
        "unit": family.get("unit", "H87"),
        "moq": Decimal(family["moq"]),
        "lead_time_days": family["lead"],
        "attributes": {code: _filled(value, filled) for code, value in family.get("attributes", {}).items()},
    }
    price = Decimal(family["price"]) * (1 + Decimal(family["step"]) * (place - 1))
    return Listed(family["supplier"], family["category"], values, price.quantize(PRICE_PLACES, ROUND_HALF_UP))


def _filled(value: Any, sizes: Mapping[str, Any]) -> Any:
    return value.format(**sizes) if isinstance(value, str) else value
