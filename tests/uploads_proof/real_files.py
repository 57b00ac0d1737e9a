"""Files nobody here wrote, and how a person who knows them answers what is asked about their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class RealFile:
    """``columns`` to ``constants`` answer what is asked; the rest is what the review must then say.

    ``sums`` are over the rows that are sound, and were found in the files by other means where these are texts.
    """

    path: str
    format: str
    columns: Mapping[str, int] = field(default_factory=dict)
    header_rows: tuple[int, ...] = (1,)
    table: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    conversions: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.name}-{self.table}-{self.format}"


REAL = [
    RealFile(
        "bids_mdot/2016-12-14.xlsx",
        "rfq_lines",
        columns={"section": 4, "item": 5, "unit": 6, "quantity": 7},
        table="Sheet1",
        counts={"new": 63},
        conversions={"Unit": 63},
        sums={"quantity": Decimal(6441426)},
    ),
    RealFile(
        "bids_mdot/2018-07-27.xlsx",
        "rfq_lines",
        columns={"section": 4, "item": 5, "unit": 6, "quantity": 7},
        table="Sheet1",
        counts={"faulty": 4},
        faults={"two-readings": 4},
        conversions={"Unit": 4},
    ),
    RealFile(
        "bids_mdot/2022-05-11.xlsx",
        "rfq_lines",
        columns={"section": 4, "item": 5, "unit": 6, "quantity": 7},
        table="Sheet1",
        counts={"new": 389, "faulty": 8},
        faults={"unit-withdrawn": 8},
        conversions={"Unit": 397, "Quantity": 72},
        sums={"quantity": Decimal("532475.47")},
    ),
    RealFile(
        "bids_mdot/2024-02-23.xlsx",
        "rfq_lines",
        columns={"section": 4, "item": 5, "unit": 6, "quantity": 7},
        table="Sheet1",
        counts={"new": 18},
        conversions={"Unit": 18, "Quantity": 9},
        sums={"quantity": Decimal(3669603)},
    ),
    RealFile(
        "bids_indot/2023-04-05.xls",
        "rfq_lines",
        columns={"item_number": 1, "item": 2, "quantity": 3, "unit": 4},
        table="Sheet1",
        counts={"new": 22},
        conversions={"Unit": 19},
        sums={"quantity": Decimal("723.1")},
    ),
    RealFile(
        "bids_indot/2025-11-19.xls",
        "rfq_lines",
        columns={"item_number": 1, "item": 2, "quantity": 3, "unit": 4},
        table="Sheet1",
        counts={"new": 138},
        conversions={"Unit": 138},
        sums={"quantity": Decimal(17850471)},
    ),
    RealFile(
        "bids_pdx/HIO Runway and Taxway Seals Bid Tab.xlsx",
        "rfq_lines",
        columns={"number": 1, "item": 2, "quantity": 3, "unit": 4},
        header_rows=(19,),
        table="Base Bid Item List",
        counts={"new": 9, "left_out": 16},
        conversions={"Line": 9, "Unit": 5},
        left_out={"title": 15, "total": 1},
        sums={"quantity": Decimal(376604)},
        notes=("links-not-followed",),
    ),
    RealFile(
        "bids_pdx/HIO Runway and Taxway Seals Bid Tab.xlsx",
        "rfq_lines",
        columns={"number": 1, "item": 2, "quantity": 3, "unit": 4},
        header_rows=(7,),
        table="Alternate Bid Tabulation",
        counts={"new": 6, "left_out": 9},
        conversions={"Line": 6, "Item": 6, "Quantity": 6, "Unit": 6},
        left_out={"title": 5, "hidden": 3, "total": 1},
        sums={"quantity": Decimal(14241)},
        notes=("links-not-followed",),
    ),
    RealFile(
        "bids_pdx/PDX_2018D015.xlsx",
        "rfq_lines",
        columns={"number": 1, "item": 2, "quantity": 3, "unit": 4},
        header_rows=(19,),
        table="Bid Item List",
        counts={"new": 19, "left_out": 17},
        conversions={"Line": 19, "Unit": 10},
        left_out={"title": 16, "total": 1},
        sums={"quantity": Decimal(8531)},
    ),
    RealFile(
        "bids_pdx/PDX_2020D022.xlsx",
        "rfq_lines",
        columns={"number": 1, "item": 2, "quantity": 3, "unit": 4},
        header_rows=(19,),
        table="Bid Schedule",
        counts={"new": 27, "left_out": 16},
        conversions={"Line": 27, "Unit": 17},
        left_out={"title": 15, "total": 1},
        sums={"quantity": Decimal(38865)},
    ),
    RealFile(
        "bids_pdx/PDX_2021D007 Bid Tab.xlsx",
        "rfq_lines",
        columns={"item_number": 1, "item": 2, "quantity": 3, "unit": 4},
        header_rows=(7,),
        table="Bid Tab Schedule 1",
        counts={"new": 18, "left_out": 7},
        conversions={"Unit": 6},
        left_out={"title": 6, "total": 1},
        sums={"quantity": Decimal("1642.88")},
    ),
    RealFile(
        "bids_pdx/PDX_2021D007 Bid Tab.xlsx",
        "rfq_lines",
        columns={"item_number": 1, "item": 2, "quantity": 3, "unit": 4},
        header_rows=(7,),
        table="Bid Tab Schedule 2",
        counts={"new": 1, "left_out": 8},
        conversions={"Unit": 1},
        left_out={"title": 6, "total": 2},
        sums={"quantity": Decimal(1)},
    ),
    RealFile(
        "bids_pdx/T5 Berth 503 Rehab Bid Tab.xlsx",
        "rfq_lines",
        columns={"number": 1, "item": 2, "quantity": 3, "unit": 4},
        header_rows=(19,),
        table="Bid Item List",
        counts={"new": 25, "left_out": 16},
        conversions={"Line": 25, "Unit": 14},
        left_out={"title": 15, "total": 1},
        sums={"quantity": Decimal(30624)},
    ),
    RealFile(
        "awards/Sydney_Contracts_2013_Bulk.csv",
        "suppliers",
        columns={"name": 4, "address": 5},
        table="Sydney_Contracts_2013_Bulk",
        constants={"country": "AU"},
        counts={"new": 73, "faulty": 13, "left_out": 2},
        faults={"duplicate-key": 12, "too-long": 1},
        left_out={"note": 2},
        notes=("encoding-doubtful", "open-end"),
    ),
    RealFile(
        "awards/Sydney_Bidders_Bulk.csv",
        "suppliers",
        columns={"name": 4},
        table="Sydney_Bidders_Bulk",
        constants={"country": "AU"},
        counts={"new": 858, "faulty": 615},
        faults={"duplicate-key": 615},
        notes=("encoding", "open-end"),
    ),
    RealFile(
        "awards/Tabela_BD_2022_2015_pt.xlsx",
        "rfq_lines",
        columns={"item_number": 2, "item": 3, "estimate_unit_price": 18},
        table="Sheet1",
        constants={"quantity": "1", "unit": "C62"},
        currency="EUR",
        counts={"new": 5214},
        conversions={"Estimated unit price": 48, "Item": 2},
        sums={"quantity": Decimal(5214), "estimate_unit_price": Decimal("4362541330.13")},
    ),
    RealFile(
        "codelists/currency-codes.csv",
        "catalogue",
        columns={"sku": 3, "name": 2, "description": 1},
        table="currency-codes",
        constants={"unit": "C62"},
        counts={"new": 274, "faulty": 175},
        faults={"duplicate-key": 172, "required": 3},
    ),
    RealFile(
        "codelists/units-of-measure.csv",
        "catalogue",
        columns={"sku": 2, "name": 3, "description": 4},
        table="units-of-measure",
        constants={"unit": "C62"},
        counts={"new": 2136},
    ),
    RealFile(
        "codelists/rec20_Rev17e-2021.xlsx",
        "catalogue",
        columns={"sku": 7, "name": 8, "description": 11},
        table="Annex I",
        constants={"unit": "C62"},
        counts={"new": 1310, "faulty": 329},
        faults={"duplicate-key": 329},
    ),
    RealFile(
        "codelists/harmonized-system.csv",
        "catalogue",
        columns={"sku": 2, "name": 3},
        table="harmonized-system",
        constants={"unit": "C62"},
        counts={"new": 6541, "faulty": 398, "left_out": 1},
        faults={"too-long": 398},
        left_out={"total": 1},
    ),
    RealFile(
        "delivery/scms_before_2010.csv",
        "purchase_orders",
        columns={"order": 4, "supplier": 18, "item": 19, "quantity": 25, "unit_price": 27, "requested_on": 13},
        table="scms_before_2010",
        constants={"unit": "C62", "currency": "USD"},
        counts={"new": 3019},
        conversions={"Requested for": 3019},
        sums={"quantity": Decimal(28030769), "unit_price": Decimal("80026.21")},
    ),
    RealFile(
        "wholesale/online_retail_first20k.csv",
        "purchase_orders",
        columns={"order": 1, "item_number": 2, "item": 3, "quantity": 4, "unit_price": 6},
        table="online_retail_first20k",
        constants={"unit": "C62", "currency": "GBP", "supplier": "The wholesaler"},
        counts={"new": 19691, "faulty": 309},
        faults={"out-of-range": 309},
        sums={"quantity": Decimal(169055), "unit_price": Decimal("97303.91")},
    ),
    RealFile(
        "adventureworks/Product.csv",
        "catalogue",
        columns={"sku": 3, "name": 2},
        header_rows=(),
        table="Product",
        constants={"unit": "C62"},
        counts={"new": 504},
        notes=("delimiter",),
    ),
    RealFile(
        "adventureworks/ProductVendor.csv",
        "prices",
        columns={"sku": 1, "unit_price": 4, "min_quantity": 7, "unit": 10},
        header_rows=(),
        table="ProductVendor",
        currency="USD",
        counts={"new": 89, "faulty": 371},
        faults={"package-unknown": 299, "duplicate-key": 72},
        conversions={"Unit price": 10, "From quantity": 7, "Unit": 306},
        sums={"unit_price": Decimal("1786.97"), "min_quantity": Decimal(61125)},
        notes=("delimiter",),
    ),
    RealFile(
        "adventureworks/PurchaseOrderDetail.csv",
        "receipts",
        columns={"order": 1, "number": 2, "received_on": 3, "quantity": 8, "rejected": 9},
        header_rows=(),
        table="PurchaseOrderDetail",
        counts={"faulty": 8845},
        faults={"unknown-order": 8845},
        conversions={"Of it refused": 8282, "Received on": 8845},
        notes=("delimiter",),
    ),
    RealFile(
        "adventureworks/PurchaseOrderHeader.csv",
        "purchase_orders",
        columns={"order": 1, "supplier": 5, "unit_price": 9},
        header_rows=(),
        table="PurchaseOrderHeader",
        constants={"unit": "C62", "currency": "USD", "quantity": "1", "item": "all of it"},
        counts={"new": 4012},
        sums={"quantity": Decimal(4012), "unit_price": Decimal("63791994.838")},
        notes=("delimiter",),
    ),
    RealFile(
        "adventureworks/Vendor.csv",
        "suppliers",
        columns={"name": 3},
        header_rows=(),
        table="Vendor",
        constants={"country": "US"},
        counts={"new": 104},
        notes=("delimiter",),
    ),
    RealFile(
        "adventureworks/UnitMeasure.csv",
        "catalogue",
        columns={"sku": 1, "name": 2},
        header_rows=(),
        table="UnitMeasure",
        constants={"unit": "C62"},
        counts={"new": 38},
        notes=("delimiter",),
    ),
    RealFile(
        "bid_bracken/bid.csv",
        "prices",
        columns={"sku": 1, "unit_price": 4, "min_quantity": 5},
        table="bid",
        currency="EUR",
        counts={"faulty": 9},
        faults={"two-readings": 9, "out-of-range": 4},
    ),
    RealFile(
        "screening/cross_script_pairs.csv",
        "suppliers",
        columns={"native_name": 1, "name": 2},
        header_rows=(),
        table="cross_script_pairs",
        constants={"country": "DE"},
        counts={"new": 21, "faulty": 2, "left_out": 11},
        faults={"duplicate-key": 2},
        left_out={"section": 11},
    ),
]
