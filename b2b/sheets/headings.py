"""Which declared columns the text of a heading may name, how sure that is, and what else the heading says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process

from b2b.sheets.cells import plain
from b2b.sheets.layout import Basis
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.signs import meant_by
from b2b.sheets.trade_words import meanings
from b2b.unit import COUNT, find_unit

EXACT, ALIAS, USUAL = 1.0, 0.97, 0.95
BESIDE = 0.04
"""What a match loses when something harmless stands beside it, such as a currency in brackets."""
DOUBTFUL = 0.2
"""And where what stands beside it may change the meaning, such as "incl. VAT"."""
MOST_ALIKE = 0.89
"""Likeness alone never makes sure."""
LEAST_ALIKE = 0.6
_TYPING = 80
"""Of a hundred: "quantiy" is 93, "amount" and "account" 77."""
_SHORTEST = 4
MOST_REMEMBERED = 5_000
DAYS = "DAY"
_BRACKETS = re.compile(r"[(\[（【〔]([^)\]）】〕]*)[)\]）】〕]")
_PARTS = re.compile(
    r"\s*[\n/|;／、]\s*|\s+[-–—]\s+|(?<=[\u4e00-\u9fff])\s*(?=[A-Za-z]{2})|(?<=[A-Za-z.])\s*(?=[\u4e00-\u9fff])"
)
_SIGN = re.compile(
    r"[A-Z]{0,2}\$|[€£¥￥₹₩₽฿₫₺₱₪₦₴元]|\b[A-Z]{3}\b|人民币|美元|欧元|日元|英镑|港[币元]|台币"
    r"|\b(?:[Ee]uros?|z[łl]|Kč|руб(?:ли)?|грн)\b|(?<![a-z])(?:usd|eur|gbp|cny|rmb|chf|pln|czk|rub|jpy|hkd)(?![a-z])"
)
_CHANGES_MEANING = re.compile(
    r"\d|\bper\b|\bpro\b|\bje\b|\bpar\b|每|incl|inkl|ttc|brutto|gross|含税|(?<!不)含|与税|old|alt\b|ancien|旧|prev|原|list|rrp|uvp|msrp|参考|suggest"
    r"|\bw(?:ee)?ks?\b|woche|\bwo\b|semaine|semana|settiman|tydz|týd|\bнед|周|星期|vpe|pack|opak|упак|balen|month|monat|mois|\bmes|mies|měs|\bмес|月|hour|stunde|\bhrs?\b"
    r"|[千万萬百亿億]|(?<![^\W\d_])[ktm](?:€|\$|£|eur|usd|gbp|chf|cny|rmb)|\bt(?:sd|ausend|housand)|\bmio\b|milli?o|тыс|млн|\btys|\bcts?\b|cents?\b|pence|分|角",
    re.IGNORECASE,
)
_IN = re.compile(r"\s(?:in|en|w|v|в|em)\s*$", re.IGNORECASE)
"""What is left of "Price in EUR" behind the price."""
_WORDS = {"台币": "TWD", "рубли": "RUB"}
_NUMBER_SIGN = re.compile(r"(?<=[^\W\d])\s*#")
_SIMPLIFIED = str.maketrans(
    "號單價幣數產編碼條類規稱應廠貨訂購備註聯絡電話國別庫儲實裝稅額總計說圖詢報發點項採倉庫體齊寬長重淨買賣聯繫遞運輸費業圍類屬標籤園區門開結構確認預級組製協議達時間從頭後碼餘",
    "号单价币数产编码条类规称应厂货订购备注联络电话国别库储实装税额总计说图询报发点项采仓库体齐宽长重净买卖联系递运输费业围类属标签园区门开结构确认预级组制协议达时间从头后码余",
)
"""The traditional characters headings are written in, as the words of the trade are kept in simplified ones."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One declared column a heading may name."""

    column: str
    confidence: float
    basis: Basis


class Vocabulary:
    """Every spelling of a sheet's headings, and what headings were found to mean."""

    def __init__(self, sheet: type[Sheet]) -> None:
        known: dict[str, dict[str, Fit]] = defaultdict(dict)
        for name, column in sheet.columns.items():
            for spelling, rank in column.names().items():
                basis: Basis = "alias" if rank else "heading"
                known[spelling][name] = Fit(name, ALIAS if rank else EXACT, basis)
        self.own = [(spelling, name) for spelling, named in known.items() for name in named if spelling]
        for spelling, name in _usual(sheet, set(known)):
            known[spelling][name] = Fit(name, USUAL, "alias")
        self.known = {spelling: _best(named.values()) for spelling, named in known.items() if spelling}
        self.counting = {name for name, column in sheet.columns.items() if column.parse.is_number}
        self.by_words: dict[str, tuple[Fit, ...]] = {}
        self.by_likeness: dict[str, tuple[Fit, ...]] = {}

    def fits(self, heading: str) -> tuple[Fit, ...]:
        if heading not in self.by_words:
            _remember(self.by_words, heading, self._fits(_usual_form(heading)))
        return self.by_words[heading]

    def alike(self, heading: str) -> tuple[Fit, ...]:
        if heading not in self.by_likeness:
            _remember(self.by_likeness, heading, self._alike(_usual_form(heading)))
        return self.by_likeness[heading]

    def _fits(self, heading: str) -> tuple[Fit, ...]:
        if found := self.known.get(plain(heading)):
            return found
        bare = _BRACKETS.sub(" ", heading).strip()
        beside = " ".join(_BRACKETS.findall(heading))
        loss = _loss(beside) if bare != heading else 0
        if loss and (found := self.known.get(plain(bare))):
            found = _lessened(found, loss)
        else:
            found = self._by_parts(bare, loss)
        return found if loss >= DOUBTFUL else self._in_units(found, beside)

    def _in_units(self, found: tuple[Fit, ...], beside: str) -> tuple[Fit, ...]:
        """Less sure where "Stock (boxes)" counts something else than pieces."""
        words = [word for word in re.split(r"[\s/,;]+", beside) if word and not currencies_in(word)]
        units = [known for word in words if (known := find_unit(word)) and known.code != DAYS]
        if all(known.dimension == COUNT and known.factor == 1 for known in units):
            return found
        return tuple(_lessened((fit,), DOUBTFUL)[0] if fit.column in self.counting else fit for fit in found)

    def _by_parts(self, heading: str, loss: float) -> tuple[Fit, ...]:
        """By the parts of "料号 / Part No." or "Price EUR": all that name something must name the same."""
        without_sign = _SIGN.sub(lambda sign: "" if currencies_in(sign[0]) else sign[0], heading)
        if without_sign != heading:
            without_sign = _IN.sub("", without_sign)
        parts = [part for part in _PARTS.split(without_sign) if plain(part)]
        told = [self.known.get(plain(part), ()) for part in parts]
        named = [found for found in told if found]
        if not named:
            return ()
        common = set.intersection(*({fit.column for fit in found} for found in named))
        fitting = tuple(fit for fit in named[0] if fit.column in common)
        return _lessened(fitting, max(loss, BESIDE if len(named) == len(told) else DOUBTFUL))

    def _alike(self, heading: str) -> tuple[Fit, ...]:
        bare = plain(_BRACKETS.sub(" ", heading)) or plain(heading)
        words = frozenset(re.findall(r"\w+", heading.casefold()))
        best: dict[str, float] = {}
        for spelling, likeness in self._slips(bare):
            for fit in self.known[spelling]:
                best[fit.column] = max(best.get(fit.column, 0), likeness)
        for spelling, name in self.own:
            best[name] = max(best.get(name, 0), _contained(bare, words, spelling))
        ranked = sorted(best.items(), key=lambda entry: -entry[1])
        return tuple(Fit(name, round(likeness, 3), "likeness") for name, likeness in ranked if likeness >= LEAST_ALIKE)

    def _slips(self, heading: str) -> Iterator[tuple[str, float]]:
        """Spellings that differ from the heading by a slip of the keys."""
        if len(heading) >= _SHORTEST:
            for spelling, ratio, _ in process.extract(
                heading, list(self.known), scorer=fuzz.ratio, score_cutoff=_TYPING
            ):
                yield spelling, MOST_ALIKE * ratio / 100


_vocabularies: WeakKeyDictionary[type[Sheet], Vocabulary] = WeakKeyDictionary()


def names_of(sheet: type[Sheet]) -> Vocabulary:
    """What a sheet's columns may be called; made once for each sheet."""
    if sheet not in _vocabularies:
        _vocabularies[sheet] = Vocabulary(sheet)
    return _vocabularies[sheet]


def fits(sheet: type[Sheet], heading: str) -> tuple[Fit, ...]:
    """The columns this heading names by its words; several only where the words do not tell which."""
    return names_of(sheet).fits(heading.strip()) if heading.strip() else ()


def alike(sheet: type[Sheet], heading: str) -> tuple[Fit, ...]:
    """The columns whose names look like this heading, best first; never sure."""
    return names_of(sheet).alike(heading.strip()) if heading.strip() else ()


def currencies_in(heading: str) -> frozenset[str]:
    """The currencies a heading such as "Price (USD)" or "单价（元）" may mean; none where it names none."""
    found = [meant_by(_WORDS.get(sign, sign)) for sign in _SIGN.findall(heading)]
    named = [codes for codes in found if codes]
    return frozenset.intersection(*named) if named else frozenset()


def currencies_shown(heading: str, signs: Iterable[str]) -> frozenset[str] | None:
    """What the heading of prices and the formats of their cells agree on; ``None`` where neither names any."""
    told = [codes for codes in (currencies_in(heading), *map(meant_by, signs)) if codes]
    return frozenset.intersection(*told) if told else None


def _usual(sheet: type[Sheet], taken: set[str]) -> Iterator[tuple[str, str]]:
    """Words the trade uses for what a column is called, in several languages, unless the sheet uses them itself.

    A meaning belongs to the column that has it as heading before one with an alias, to a required one before others.
    """
    owners: dict[str, list[tuple[int, bool, str]]] = defaultdict(list)
    for name, column in sheet.columns.items():
        for concept, rank in _concepts(column).items():
            owners[concept].append((rank, not column.required, name))
    for concept, ranked in owners.items():
        best = min(ranked)[:2]
        for rank, is_optional, name in ranked:
            if (rank, is_optional) == best:
                yield from ((spelling, name) for spelling in meanings()[concept] if spelling not in taken)


def _concepts(column: Column) -> dict[str, int]:
    """By meaning: 0 where a heading of the column has it, 1 where only an alias does."""
    found: dict[str, int] = {}
    for spelling, rank in sorted(column.names().items(), key=lambda entry: entry[1]):
        for concept, spellings in meanings().items():
            if spelling in spellings:
                found.setdefault(concept, rank)
    return found


def _usual_form(heading: str) -> str:
    """As the words of the trade are kept: "Item no" for "Item #", 单价 for 單價."""
    return _NUMBER_SIGN.sub(" no", heading).translate(_SIMPLIFIED)


def _loss(beside: str) -> float:
    return DOUBTFUL if _CHANGES_MEANING.search(beside) else BESIDE


def _lessened(found: tuple[Fit, ...], loss: float) -> tuple[Fit, ...]:
    return tuple(Fit(fit.column, round(fit.confidence - loss, 3), fit.basis) for fit in found)


def _remember(known: dict[str, tuple[Fit, ...]], heading: str, found: tuple[Fit, ...]) -> None:
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known[heading] = found


def _contained(heading: str, words: frozenset[str], spelling: str) -> float:
    """One within the other: the more of the longer one the shorter is, the more alike."""
    shorter, longer = sorted((heading, spelling), key=len)
    if shorter not in longer or len(shorter) < 2:  # noqa: PLR2004
        return 0
    if len(shorter) < _SHORTEST and shorter.isascii() and not (shorter == spelling and shorter in words):
        return 0
    return min(MOST_ALIKE, LEAST_ALIKE + 0.29 * len(shorter) / len(longer))


def _best(several: Collection[Fit]) -> tuple[Fit, ...]:
    most = max(fit.confidence for fit in several)
    return tuple(fit for fit in several if fit.confidence == most)
