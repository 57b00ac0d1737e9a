import csv
import re
import unicodedata
from fractions import Fraction
from importlib.resources import files

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from b2b.unit import UnknownUnit, current_units, find_unit, unit, units
from tests.b2b.shared_data import shared_data

MEANT_AS_SPELT = {
    "CTN": "XCT",
    "FBM": "BFT",
    "GJ": "GV",
    "GM": "GRM",
    "HA": "HAR",
    "KGS": "KGM",
    "KW": "KWT",
    "MTS": "TNE",
    "PAL": "XPX",
    "QTR": "QAN",
    "STK": "H87",
    "FF": None,
    "FL": "XBO",
    "GL": None,
    "KTN": "XCT",
    "TST": None,
}
"""Codes of Rec 20 that everybody writes for something else."""


def code_of(text):
    found = find_unit(text)
    return found and found.code


def test_a_unit_is_looked_up_by_its_exact_code():
    yard = unit("YDK")

    assert (yard.name, yard.symbol, yard.dimension, yard.factor) == (
        "square yard",
        "yd²",
        "area",
        Fraction("0.83612736"),
    )
    assert yard.is_current


@pytest.mark.parametrize("code", ["", "ydk", "YDK ", "???", "A" * 500, None, 7, ["KGM"]])
def test_any_other_code_is_refused_in_a_short_sentence(code):
    with pytest.raises(UnknownUnit, match=r"is not a known unit of measure\.") as refusal:
        unit(code)

    assert len(str(refusal.value)) < 90


@pytest.mark.parametrize(
    ("code", "spellings"),
    [
        ("EA", "EA ea Each EACH ea. 个"),
        ("H87", "pcs PCS pc Pce pieces 件 只 支 台"),
        ("YDK", "Syd SYD SYS S.Y. SY sq.yd sq_yd yd² 平方码"),
        ("YDQ", "Cyd CYD CYS C.Y. CY yd³ cu-yd"),
        ("LF", "Lft LFT LF L.F. linear_feet"),
        ("FTK", "Sft SFT SF sq_ft ft² ft2"),
        ("FOT", "Ft FT ft ' feet"),
        ("STN", "Ton TON tons"),
        ("TNE", "t MT tonne 吨 公吨 metric_ton"),
        ("LS", "LSUM Lsum LS L.S. lump_sum LUMP-SUM 项"),
        ("M4", "Dlr DLR $ dollar 元"),
        ("ACR", "Acre ACRE ac"),
        ("HL", "Sta STA station"),
        ("SMI", "Mile mi Lnmi LNMI"),
        ("GLL", "Gal GAL gallons"),
        ("LBR", "Lb LB lbs"),
        ("HUR", "Hour HR hrs h 小时"),
        ("DAY", "Day DAYS 天 日"),
        ("MON", "Month MONTH mo 月 个月"),
        ("C62", "Unit UNITS 1"),
        ("XCS", "箱 case"),
        ("XBX", "box BX 盒"),
        ("KGM", "kg KG KGS kgm KGM 千克 公斤 Ｋｇ"),
        ("MTR", "m M 米"),
        ("MTK", "m² m2 ㎡ sqm 平方米 square_metre"),
        ("MTQ", "m³ m3 ㎥ cbm 立方米 方"),
        ("LTR", "L l litre liters 升"),
        ("SET", "set SET 套"),
        ("XRO", "roll 卷"),
        ("XPK", "pack 包"),
        ("PR", "pair 双"),
        ("DZN", "dozen doz DZ 打"),
        ("RM", "ream 令"),
        ("KWH", "kWh 度 千瓦时"),
        ("MAW", "MW"),
        ("C31", "mW"),
        ("WTT", "W watt"),
        ("MQH", "m³/h m3/h"),
        ("H87", "Stk. Stck STK Stück szt. шт. штук pza pzas pezzi peça stuks ks pièces"),
        ("SET", "Satz jeu juego kpl. комплект 台套"),
        ("MTR", "mètres metros м метров"),
        ("LM", "lfm lfd._m mètre_linéaire пог.м"),
        ("MTK", "qm Quadratmeter mq m_carré кв.м м²"),
        ("KGM", "Kilogramm кг quilos"),
        ("TNE", "Tonnen тн toneladas 噸"),
        ("HUR", "Stunden heures horas godz. час"),
        ("LS", "pauschal psch. forfait ryczałt suma_alzada"),
        ("XPK", "Packung paquets opak. упак."),
        ("XRO", "Rolle rouleaux rollo рулон"),
        ("T3", "тыс.шт 千只 1000_Stk"),
    ],
)
def test_what_people_write_is_understood(code, spellings):
    read = {spelling: code_of(spelling.replace("_", " ")) for spelling in spellings.split()}

    assert read == dict.fromkeys(spellings.split(), code)


@pytest.mark.parametrize("text", ["", "  ", "size", "ST", "Std", "Tag", "VE", "亩", "denier", "?", "x" * 100_000])
def test_what_is_unclear_is_not_guessed(text):
    assert find_unit(text) is None


@pytest.mark.parametrize("text", ["Pa", "mt", "mts", "Dose", "TST", "ff", "pct", "C", "gl"])
def test_what_two_trades_mean_differently_is_no_code_that_nobody_trades_in(text):
    assert find_unit(text) is None


@pytest.mark.parametrize(
    ("text", "code"), [("St.", "H87"), ("St", "H87"), ("MT", "TNE"), ("MTS", "TNE"), ("Ktn", "XCT"), ("U", "C62")]
)
def test_capitals_and_dots_tell_what_a_short_spelling_means(text, code):
    assert code_of(text) == code


def test_every_current_code_and_chinese_name_finds_its_unit():
    by_code = {known.code: code_of(known.code) for known in current_units()}
    by_chinese = {known.code: code_of(known.chinese) for known in current_units() if known.chinese}

    assert {code: found for code, found in by_code.items() if found != code} == MEANT_AS_SPELT
    assert by_chinese == {code: code for code in by_chinese}


def test_every_english_name_finds_its_unit_unless_two_share_it():
    by_name = {known.code: code_of(known.name) for known in current_units()}

    assert {code: found for code, found in by_name.items() if found != code} == {
        "A49": None, "M83": None, "M43": None, "E27": None, "A76": "GLL", "WCD": "M68",
    }  # fmt: skip


def test_a_unit_is_named_in_the_readers_language():
    with translation.override("zh-hans"):
        assert unit("KGM").label() == "千克"
        assert unit("A10").label() == unit("A10").name
    assert unit("KGM").label("en") == "kilogram"


def test_what_is_counted_has_no_decimals():
    assert [unit(code).places for code in ["C62", "EA", "DZN", "KGM", "XBX", "LS"]] == [0, 0, 0, 3, 3, 3]


def test_withdrawn_codes_stay_readable_but_are_not_offered():
    assert unit("BX").status == "X"
    assert "BX" not in {known.code for known in current_units()}


def test_the_tables_are_consistent():
    chinese = [row["code"] for row in table("unit_names_zh.csv")]
    spellings = [row["spelling"] for row in table("unit_spellings.csv")]

    assert len(units()) == len(table("units.csv"))
    assert set(chinese) <= set(units())
    assert len(set(chinese)) == len(chinese)
    assert {row["code"] for row in table("unit_spellings.csv")} <= {"", *units()}
    assert len(set(spellings)) == len(spellings)
    for known in units().values():
        assert bool(known.dimension) == (known.factor is not None)
        assert known.factor is None or known.factor > 0
        assert len(known.code) <= 3
        assert known.name == known.name.strip() != ""


def test_every_dimension_has_one_base():
    bases = {}
    for known in units().values():
        if known.factor == 1 and not known.offset:
            bases.setdefault(known.dimension, known)

    assert {"length", "area", "volume", "mass", "time", "count", "energy", "power", "pressure"} <= set(bases)


def test_codes_names_and_symbols_are_those_of_recommendation_20():
    with shared_data("codelists/units-of-measure.csv").open(encoding="utf-8-sig") as file:
        published = {row["CommonCode"]: row for row in csv.DictReader(file)}

    ours = {code: known for code, known in units().items() if not re.fullmatch("X[A-Z]{2}", code)}
    assert set(ours) == set(published)
    for code, known in ours.items():
        assert known.name == re.sub(r"\s+", " ", published[code]["Name"]).strip()
        assert level(known.symbol) == level(published[code]["Symbol"])
        assert known.status == published[code]["Status"].replace("¦", "")


def test_simple_printed_factors_are_ours():
    """Where Rec 20 prints a plain power of ten of an SI base unit there is nothing to round."""
    bases = {"m": "length", "kg": "mass", "s": "time", "m²": "area", "m³": "volume", "Pa": "pressure", "W": "power"}
    with shared_data("codelists/units-of-measure.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["Status"] == ""]

    checked = 0
    for row in rows:
        power = re.fullmatch(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)\s*(\S+)", row["ConversionFactor"].strip())
        if power and power[2] in bases:
            exponent = int(power[1].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")))
            known = unit(row["CommonCode"])
            assert (known.code, known.dimension, known.factor) == (
                known.code,
                bases[power[2]],
                Fraction(10) ** exponent,
            )
            checked += 1
    assert checked > 60


@pytest.mark.parametrize("folder", ["bids_mdot", "bids_indot", "bids_pdx"])
def test_every_unit_of_real_bid_tabulations_is_understood(folder):
    spellings = {
        str(row[column]).strip()
        for path in shared_data(folder).glob("*.xls*")
        for row, column in unit_cells(CalamineWorkbook.from_path(path))
    } - {"", "0.0"}

    assert len(spellings) >= 6
    assert {spelling for spelling in spellings if find_unit(spelling) is None} == set()


def unit_cells(workbook):
    """Each row under a heading "Unit", with the column of that heading."""
    for name in workbook.sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python()
        for top, row in enumerate(rows[:40]):
            for column, cell in enumerate(row):
                if re.fullmatch(r"units?", str(cell).strip(), re.IGNORECASE):
                    yield from ((below, column) for below in rows[top + 1 :] if column < len(below))


def table(name):
    with (files("b2b.data") / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def level(symbol):
    return unicodedata.normalize("NFKC", symbol).strip()
