"""Every table among the files nobody here wrote, where they are at hand: the rows read, and what was said of it."""

from __future__ import annotations

import pytest

from b2b.sheets.survey import survey
from tests.b2b.shared_data import shared_data

FILES: dict[str, tuple[list[int], list[str]]] = {
    "adventureworks/Product.csv": ([504], ["delimiter"]),
    "adventureworks/ProductVendor.csv": ([460], ["delimiter"]),
    "adventureworks/PurchaseOrderDetail.csv": ([8845], ["delimiter"]),
    "adventureworks/PurchaseOrderHeader.csv": ([4012], ["delimiter"]),
    "adventureworks/UnitMeasure.csv": ([38], ["delimiter"]),
    "adventureworks/Vendor.csv": ([104], ["delimiter"]),
    "awards/Sydney_Bidders_Bulk.csv": ([1474], ["encoding", "open-end"]),
    "awards/Sydney_Contracts_2013_Bulk.csv": ([89], ["encoding-doubtful", "open-end"]),
    "awards/Tabela_BD_2022_2015_pt.xlsx": ([5215], []),
    "bid_bracken/bid.csv": ([10], []),
    "bids_indot/2023-04-05.xls": ([23], []),
    "bids_indot/2025-11-19.xls": ([139], []),
    "bids_mdot/2016-12-14.xlsx": ([64], []),
    "bids_mdot/2018-07-27.xlsx": ([5], []),
    "bids_mdot/2022-05-11.xlsx": ([398], []),
    "bids_mdot/2024-02-23.xlsx": ([19], []),
    "bids_pdx/HIO Runway and Taxway Seals Bid Tab.xlsx": ([26, 23, 16, 16, 13], ["links-not-followed"]),
    "bids_pdx/PDX_2018D015.xlsx": ([37, 27, 16], []),
    "bids_pdx/PDX_2020D022.xlsx": ([44, 35, 15], []),
    "bids_pdx/PDX_2021D007 Bid Tab.xlsx": ([26, 10, 12], []),
    "bids_pdx/T5 Berth 503 Rehab Bid Tab.xlsx": ([42, 33, 12], []),
    "codelists/currency-codes.csv": ([450], []),
    "codelists/harmonized-system.csv": ([6941], []),
    "codelists/rec20_Rev17e-2021.xlsx": ([14, 1640, 2137], []),
    "codelists/units-of-measure.csv": ([2137], []),
    "delivery/scms_before_2010.csv": ([3020], []),
    "screening/cross_script_pairs.csv": ([34], []),
    "wholesale/online_retail_first20k.csv": ([20001], []),
}


@pytest.mark.parametrize("path", FILES)
def test_every_row_of_a_real_file_is_read(path: str) -> None:
    file = shared_data(path)
    rows, notes = FILES[path]

    with survey(file.read_bytes(), file.name) as found:
        assert [table.filled_rows for table in found.tables] == rows
        assert [sum(1 for _row in found.rows(table)) for table in found.tables] == rows
        assert [note.code for note in found.notes] == notes
