"""The questions about a table that only a person can answer, each as a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import get_column_letter

from b2b.sheets.content import likely_places, samples
from b2b.sheets.layout import Match, Question
from b2b.sheets.sheet import Sheet
from b2b.sheets.survey import SurveyedTable

SHOWN_SAMPLES = 3
MOST_CANDIDATES = 8
LONGEST_LINE = 120
WORTH_ASKING = 0.7
"""An optional column that seems less likely than this is not asked for; its heading is listed as unknown."""


def column_unsure(
    sheet: type[Sheet], table: SurveyedTable, name: str, match: Match, *, after: int, said: str = ""
) -> Question:
    """``said`` is a line beside the table that speaks against it."""
    texts = samples(table, match.place, after=after).texts(SHOWN_SAMPLES)
    values = {
        "heading": match.heading,
        "letter": get_column_letter(match.place),
        "column": sheet.columns[name].here,
        "samples": ", ".join(texts) or "–",
    }
    detail = (
        _("Is “%(heading)s” (column %(letter)s) the column “%(column)s”? It holds %(samples)s.")
        if match.heading
        else _("Is column %(letter)s the column “%(column)s”? It holds %(samples)s.")
    )
    asked = detail % values
    if said:
        asked = _("%(question)s Beside the table it says: “%(line)s”.") % {
            "question": asked,
            "line": said[:LONGEST_LINE],
        }
    about = {"column": name, "place": match.place, "heading": match.heading, "samples": texts}
    return Question("column-unsure", asked, about | {"confidence": match.confidence, "basis": match.basis})


def column_missing(
    sheet: type[Sheet],
    table: SurveyedTable,
    name: str,
    header_rows: Sequence[int],
    unknown: Mapping[int, str],
) -> Question:
    detail = _("Which column is “%(column)s”? No heading names it.") % {"column": sheet.columns[name].here}
    after = max(header_rows, default=0)
    likely = [place for place in likely_places(sheet, table, name, after=after) if not unknown or place in unknown]
    candidates = [_candidate(table, place, unknown.get(place, ""), after) for place in likely[:MOST_CANDIDATES]]
    return Question("column-missing", detail, {"column": name, "candidates": candidates})


def column_twice(
    sheet: type[Sheet], table: SurveyedTable, name: str, places: Sequence[int], headings: Mapping[int, str]
) -> Question:
    letters = ", ".join(map(get_column_letter, places))
    detail = _("Which of the columns %(letters)s is “%(column)s”? Their headings fit equally well.")
    candidates = [_candidate(table, place, headings.get(place, ""), 0) for place in places]
    said = {"letters": letters, "column": sheet.columns[name].here}
    return Question("column-twice", detail % said, {"column": name, "candidates": candidates})


def no_headings(sheet: type[Sheet], table: SurveyedTable, matches: Mapping[str, Match]) -> Question:
    wanted = ", ".join(f"“{column.here}”" for column in sheet.columns.values() if column.required)
    detail = _("Which row holds the headings? None was found that names %(columns)s. A table may also have none.")
    about = {
        "columns": [name for name, column in sheet.columns.items() if column.required],
        "likely": {name: match.place for name, match in matches.items()},
        "rows": [row.number for row in table.head[:10]],
    }
    return Question("no-headings", detail % {"columns": wanted}, about)


def hidden_rows(table: SurveyedTable, count: int) -> Question:
    detail = ngettext(
        "%(rows)s row is hidden in “%(table)s”. Shall it be read?",
        "%(rows)s rows are hidden in “%(table)s”. Shall they be read?",
        count,
    )
    return Question("hidden-rows", detail % {"rows": count, "table": table.name}, {"rows": count})


def hidden_column(sheet: type[Sheet], table: SurveyedTable, name: str, match: Match) -> Question:
    detail = _("Column %(letter)s (“%(heading)s”) is hidden. Shall it be read as “%(column)s”?")
    said = {"letter": get_column_letter(match.place), "heading": match.heading, "column": sheet.columns[name].here}
    return Question("hidden-column", detail % said, {"column": name, "place": match.place, "heading": match.heading})


def hidden_table(table: SurveyedTable) -> Question:
    detail = _("The sheet “%(table)s” is hidden. Shall it be read?") % {"table": table.name}
    return Question("hidden-table", detail, {"table": table.name})


def which_table(names: Sequence[str]) -> Question:
    detail = _("Which sheet is meant? These fit equally well: %(tables)s.")
    return Question(
        "which-table", detail % {"tables": ", ".join(f"“{name}”" for name in names)}, {"tables": list(names)}
    )


def _candidate(table: SurveyedTable, place: int, heading: str, after: int) -> dict[str, Any]:
    return {"place": place, "heading": heading, "samples": samples(table, place, after=after).texts(SHOWN_SAMPLES)}
