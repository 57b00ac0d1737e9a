"""Words and signs that stand where there is nothing to say, or no price yet."""

from __future__ import annotations

from b2b.sheets.cells import level

_NOTHING = frozenset({"-", "--", "---", "–", "—", "——", "/", "\\", "n/a", "n.a.", "k.a.", "不适用", "无数据", "н/д"})
_NO_NUMBER = _NOTHING | {
    *("tbd", "t.b.d.", "tba", "tbc", "poa", "p.o.a.", "on request", "price on request", "upon request", "by request"),
    *(
        "call",
        "call us",
        "call for price",
        "ask",
        "ask for price",
        "quote",
        "request quote",
        "to be advised",
        "na",
        "none",
    ),
    *("nil", "null", "no bid", "no quote", "not quoted", "n/q", "market price", "contact us", "?", "??", "xxx"),
    *("auf anfrage", "preis auf anfrage", "a.a.", "a. a.", "tagespreis", "n.n.", "entfällt", "offen"),
    *("sur demande", "prix sur demande", "nous consulter", "n.c.", "nc", "à définir", "bajo consulta", "consultar"),
    *("a consultar", "por definir", "su richiesta", "a richiesta", "sob consulta", "op aanvraag", "na dotaz"),
    *(
        "na zapytanie",
        "cena na zapytanie",
        "do uzgodnienia",
        "по запросу",
        "цена по запросу",
        "договорная",
        "уточняйте",
    ),
    *(
        "询价",
        "詢價",
        "面议",
        "面議",
        "价格面议",
        "电议",
        "待定",
        "待询",
        "待询价",
        "待报",
        "暂无",
        "时价",
        "不报价",
        "无",
        "無",
        "另议",
    ),
}
_LONGEST = 24


def says_nothing(text: str) -> bool:
    """Whether the text only fills the cell, such as a dash or "n/a"."""
    return len(text) <= _LONGEST and level(text).strip().casefold() in _NOTHING


def says_no_number(text: str) -> bool:
    """Whether the text says that a number or price is not known or not given: "TBD", "auf Anfrage", "询价"."""
    return len(text) <= _LONGEST and level(text).strip().casefold() in _NO_NUMBER
