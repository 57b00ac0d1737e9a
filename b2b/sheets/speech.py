"""Which languages a table is written in, as far as that decides what a unit means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from b2b.sheets.survey import SurveyedTable

LOOKED_AT_ROWS = 60
LONGEST = 120
FEWEST = 2
"""Different words of a language; one alone may be a name."""


class Speech(Enum):
    """French, Italian, Portuguese and Spanish are one here: in all of them an "ml" may be a linear metre."""

    ROMANCE = "romance"
    CHINESE = "chinese"


_WORD = re.compile(r"[^\W\d_]{2,}|[\u4e00-\u9fff]")
_ROMANCE = frozenset(
    {
        *(
            "référence",
            "referencia",
            "riferimento",
            "désignation",
            "libellé",
            "descripción",
            "descrizione",
            "descrição",
        ),
        *("quantité", "cantidad", "quantità", "quantidade", "qté", "cant", "prix", "precio"),
        *("prezzo", "preço", "unité", "unidad", "unità", "unidade", "código", "codice"),
        *("artículo", "articolo", "artigo", "importe", "importo", "montant", "produit", "producto"),
        *("prodotto", "produto", "tarif", "tarifa", "listino", "devis", "presupuesto", "preventivo"),
        *("orçamento", "moneda", "devise", "valuta", "moeda", "fournisseur", "proveedor", "fornitore"),
        *("fornecedor", "concepto", "partida", "denominación", "denominazione", "ud", "uds"),
    }
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def speeches(table: SurveyedTable) -> frozenset[Speech]:
    """By the words of its first rows."""
    found: dict[Speech, set[str]] = {speech: set() for speech in Speech}
    for word in _words(table):
        if word in _ROMANCE:
            found[Speech.ROMANCE].add(word)
        elif _HAN.match(word):
            found[Speech.CHINESE].add(word)
    return frozenset(speech for speech, words in found.items() if len(words) >= FEWEST)


def _words(table: SurveyedTable) -> Iterator[str]:
    for row in table.head[:LOOKED_AT_ROWS]:
        for cell in row.cells:
            if isinstance(cell, str) and len(cell) <= LONGEST:
                yield from _WORD.findall(cell.casefold())
