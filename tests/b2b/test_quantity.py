from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b2b.number import InvalidNumber
from b2b.quantity import Conversion, IncompatibleUnits, Quantity, UnequalUnits, ratio
from b2b.unit import UnknownUnit, current_units

convertible = [known for known in current_units() if known.factor is not None and not known.offset]
of_one_dimension = st.sampled_from(sorted({known.dimension for known in convertible})).flatmap(
    lambda dimension: st.lists(
        st.sampled_from([known.code for known in convertible if known.dimension == dimension]), min_size=3, max_size=3
    )
)
values = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False, allow_infinity=False)
metric_masses = st.sampled_from(["MGM", "GRM", "KGM", "TNE"])
masses = st.sampled_from(["GRM", "KGM", "TNE", "LBR", "ONZ", "STN"])
positive = st.fractions(min_value=Fraction(1, 1000), max_value=1000)


def q(value, unit):
    return Quantity(Decimal(value), unit)


@given(values, values, values)
def test_addition_in_one_unit_is_associative_and_commutative(a, b, c):
    a, b, c = q(a, "KGM"), q(b, "KGM"), q(c, "KGM")

    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + b - b == a
    assert a + -a == q(0, "KGM")


@given(of_one_dimension)
def test_ratios_compose_and_invert(codes):
    a, b, c = codes

    assert ratio(a, b) * ratio(b, c) == ratio(a, c)
    assert ratio(a, b) * ratio(b, a) == 1


@given(st.decimals(min_value=-1000, max_value=1000, places=6), metric_masses, metric_masses)
def test_a_metric_conversion_there_and_back_is_exact(value, there, back):
    quantity = q(value, back)

    assert quantity.to(there).to(back).value == quantity.value
    assert quantity.to(there) == quantity


@given(st.decimals(min_value=1, max_value=1000, places=3), masses, masses)
def test_any_conversion_there_and_back_is_good_to_twenty_digits(value, there, back):
    quantity = q(value, back)

    returned = quantity.to(there).to(back)

    assert abs(returned.value - quantity.value) <= quantity.value * Decimal("1E-15")


@given(values, values, masses, masses)
def test_order_is_that_of_what_is_measured(a, b, one, other):
    a, b = q(a, one), q(b, other)

    assert (a < b) + (a == b) + (a > b) == 1
    assert (a <= b) == (a < b or a == b)
    assert a != b or hash(a) == hash(b)


@pytest.mark.parametrize(
    ("value", "unit", "target", "converted"),
    [
        ("12", "INH", "FOT", "1"),
        ("1", "YDK", "FTK", "9"),
        ("1", "ACR", "YDK", "4840"),
        ("1", "YDQ", "FTQ", "27"),
        ("1", "STN", "LBR", "2000"),
        ("1", "LTN", "LBR", "2240"),
        ("1", "GLL", "LTR", "3.785411784"),
        ("1", "BLL", "GLL", "42"),
        ("1", "SMI", "FOT", "5280"),
        ("3", "HL", "LF", "300"),
        ("2", "DZN", "EA", "24"),
        ("1", "GRO", "DZN", "12"),
        ("3", "PR", "H87", "6"),
        ("5", "C62", "EA", "5"),
        ("1.5", "TNE", "KGM", "1500"),
        ("1", "KWH", "JOU", "3600000"),
        ("90", "MIN", "HUR", "1.5"),
        ("1", "BAR", "KPA", "100"),
        ("212", "FAH", "CEL", "100"),
        ("0", "CEL", "KEL", "273.15"),
        ("-40", "CEL", "FAH", "-40"),
    ],
)
def test_conversions_that_are_exact_by_definition(value, unit, target, converted):
    there = q(value, unit).to(target)

    assert (there.value, there.unit) == (Decimal(converted), target)
    assert there.to(unit).value == Decimal(value)
    assert there == q(value, unit)


def test_a_conversion_without_end_is_stated_to_many_digits():
    assert q(1, "FOT").to("YRD").value == Decimal("0." + "3" * 24)


@pytest.mark.parametrize(
    ("unit", "target"), [("KGM", "MTR"), ("XBX", "H87"), ("LS", "EA"), ("M4", "C62"), ("SM3", "MTQ"), ("NU", "JOU")]
)
def test_what_measures_something_else_is_not_converted(unit, target):
    with pytest.raises(IncompatibleUnits, match=r"cannot be converted"):
        q(1, unit).to(target)
    with pytest.raises(IncompatibleUnits):
        _ = q(1, unit) < q(1, target)
    with pytest.raises(IncompatibleUnits):
        q(1, unit) + q(1, target)

    assert q(1, unit) != q(1, target)


def test_a_sum_over_two_units_asks_for_a_conversion_first():
    with pytest.raises(UnequalUnits, match=r"Convert gram \(GRM\) to kilogram \(KGM\) first\."):
        q(1, "KGM") + q(1, "GRM")

    assert q(1, "KGM") + q(500, "GRM").to("KGM") == q("1.5", "KGM")


def test_a_package_converts_to_itself_and_is_compared_with_itself():
    assert q(2, "XBX").to("XBX") == q(2, "XBX")
    assert q(2, "XBX") < q(3, "XBX")


@given(values, st.sampled_from(["EA", "KGM", "XBX"]))
def test_rounding_a_quantity_is_idempotent(value, unit):
    rounded = q(value, unit).rounded()

    assert rounded.rounded() == rounded


def test_a_quantity_is_rounded_to_what_makes_sense():
    assert str(q("2.5", "EA").rounded()) == "3 EA"
    assert str(q("2.50049", "KGM").rounded()) == "2.500 KGM"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+1000000", "1E-1000000", "1E+14"])
def test_an_extreme_value_is_refused(value):
    with pytest.raises(InvalidNumber):
        q(value, "KGM")


def test_a_conversion_out_of_range_is_refused():
    with pytest.raises(InvalidNumber):
        q(10**13, "TNE").to("MGM")


def test_a_quantity_meets_no_float_and_no_bare_number():
    with pytest.raises(TypeError):
        Quantity(1.5, "KGM")
    with pytest.raises(TypeError):
        q(1, "KGM") * 1.5
    with pytest.raises(TypeError):
        q(1, "KGM") + 1
    with pytest.raises(UnknownUnit):
        q(1, "kilo")


def test_machines_read_a_plain_form_and_people_their_own():
    assert str(q("1234.50", "KGM")) == "1234.50 KGM"
    assert q("1234.5", "KGM").display("de") == "1.234,5 kg"
    assert q("1234", "XCS").display("zh-hans") == "1,234 箱"
    assert q(2, "KGM") * Decimal("1.5") == 3 * q(1, "KGM")


@given(positive, positive, positive)
def test_conversions_compose_associatively_and_invert(one, two, three):
    pallet, carton, piece = (
        Conversion("XPX", "XCT", one),
        Conversion("XCT", "H87", two),
        Conversion("H87", "KGM", three),
    )

    assert pallet.then(carton).then(piece) == pallet.then(carton.then(piece))
    assert pallet.inverse().inverse() == pallet
    assert pallet.then(pallet.inverse()).factor == 1
    assert pallet.then(carton).inverse() == carton.inverse().then(pallet.inverse())


def test_a_box_of_pieces_becomes_dozens():
    box = Conversion("XBX", "H87", 24)

    assert box.apply(q(3, "XBX")) == q(72, "H87")
    assert box.inverse().apply(q(6, "DZN")) == q(3, "XBX")
    assert box.then(Conversion("EA", "GRM", Decimal("2.5"))).apply(q(1, "XBX")) == q(60, "GRM")


def test_a_conversion_is_between_what_it_says():
    box = Conversion("XBX", "H87", 24)

    with pytest.raises(IncompatibleUnits):
        box.apply(q(1, "XCT"))
    with pytest.raises(IncompatibleUnits):
        box.then(Conversion("XCT", "XPX", 4))
    with pytest.raises(IncompatibleUnits):
        ratio("CEL", "FAH")


@pytest.mark.parametrize("factor", [0, -1, Fraction(-1, 2), Decimal("NaN"), Decimal("1E+1000000")])
def test_a_conversion_factor_is_a_positive_number(factor):
    with pytest.raises(InvalidNumber):
        Conversion("XBX", "H87", factor)


@pytest.mark.parametrize("factor", [1.5, "24", None, True])
def test_a_conversion_factor_is_exact(factor):
    with pytest.raises(TypeError):
        Conversion("XBX", "H87", factor)
