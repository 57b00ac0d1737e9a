from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from b2b.sheets.cells import Cell
from b2b.sheets.layout import Layout, Proposal
from b2b.sheets.mapping import fingerprint, fingerprints, open_questions, propose, propose_best
from tests.b2b.surveyed_tables import surveyed
from tests.b2b.workbooks import HEADINGS, Parts

BOLT: tuple[Cell, ...] = ("HX-8", "Bolt", "kg", Decimal("1.5"), "CNY")
NUT: tuple[Cell, ...] = ("NU-8", "Nut", "pcs", Decimal("0.5"), "CNY")
STRANGE = ("Nummer?", "Wie heisst's", "Mass", "Kostet", "Geld")


def codes(proposal: Proposal) -> list[str]:
    return [question.code for question in proposal.questions]


def confirmed() -> Layout:
    table = surveyed(STRANGE, BOLT, name="Mai")
    layout = propose(Parts, table, header_rows=(1,)).layout
    columns = {"sku": 1, "name": 2, "unit": 3, "price": 4, "currency": 5}
    return layout.confirmed(columns=columns, fingerprint=fingerprint(table, (1,)))


def test_a_remembered_layout_answers_everything_wherever_the_headings_stand_now() -> None:
    table = surveyed(("Preisliste Juni",), (), STRANGE, NUT, name="Juni")

    proposal = propose(Parts, table, remembered=confirmed())

    assert proposal.is_sure
    assert (proposal.layout.table, proposal.layout.header_rows) == ("Juni", (3,))
    assert {match.basis for match in proposal.matches.values()} == {"remembered"}
    assert confirmed().fingerprint in fingerprints(table)


def test_other_headings_are_not_the_remembered_layout() -> None:
    table = surveyed((*STRANGE[:4], "Land"), NUT)

    assert propose(Parts, table, remembered=confirmed()) == propose(Parts, table)


def test_only_what_the_remembered_layout_does_not_answer_is_asked() -> None:
    table = surveyed(STRANGE, BOLT, NUT, hidden_rows=(3,))
    remembered = confirmed()

    assert codes(propose(Parts, table, remembered=replace(remembered, include_hidden_rows=None))) == ["hidden-rows"]
    assert codes(propose(Parts, table, remembered=replace(remembered, include_hidden_rows=True))) == []


def test_a_remembered_table_is_taken_before_one_that_fits_better() -> None:
    tables = [surveyed(HEADINGS, BOLT, name="New"), surveyed(STRANGE, BOLT, name="Mai")]

    assert [one.layout.table for one in propose_best(Parts, tables, remembered=confirmed())] == ["Mai", "New"]


def test_the_column_of_reasons_of_an_annotated_copy_changes_no_layout() -> None:
    plain = surveyed(STRANGE, BOLT)
    annotated = surveyed((*STRANGE, "To mend 待修改"), (*BOLT, "This is not a number."))

    assert fingerprint(plain, (1,)) == fingerprint(annotated, (1,))
    assert 6 not in propose(Parts, annotated).unknown


def test_a_constant_takes_the_place_of_a_column_the_file_does_not_have() -> None:
    table = surveyed(HEADINGS[:4], BOLT[:4])
    layout = propose(Parts, table).layout.confirmed(constants={"currency": "EUR"})

    assert open_questions(Parts, table, layout) == ()
    assert [question.code for question in open_questions(Parts, table, layout.confirmed(constants={}))] == [
        "column-missing"
    ]
