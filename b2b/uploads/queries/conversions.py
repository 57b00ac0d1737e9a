"""What was understood otherwise than it is written, by kind; and the rows it is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from b2b.uploads.conversions import counted
from b2b.uploads.models import ConversionCount, Upload, UploadRow


@dataclass(frozen=True, slots=True)
class ConversionFilter:
    """Of a column (0 for what stands in none), of a kind or of a nature; ``None`` for any."""

    column: int | None = None
    kind: str | None = None
    nature: str | None = None

    def __bool__(self) -> bool:
        return self != ConversionFilter()


def kinds_of_conversions(upload: Upload, chosen: ConversionFilter) -> QuerySet[ConversionCount] | list[ConversionCount]:
    """The most frequent first."""
    if upload.is_sealed:
        return [count for count in _unsealed(upload) if _fits(count, chosen)]
    found = upload.conversion_counts.all()
    if chosen.column is not None:
        found = found.filter(column=chosen.column)
    if chosen.kind is not None:
        found = found.filter(kind=chosen.kind)
    if chosen.nature is not None:
        found = found.filter(kind__startswith=f"{chosen.nature}:") | found.filter(kind=chosen.nature)
    return found


def _unsealed(upload: Upload) -> list[ConversionCount]:
    """Counted anew, as nothing of it may stand in clear; sealed tables are short."""
    found = [
        ConversionCount(
            upload=upload,
            column=column,
            kind=kind,
            heading=count.first["heading"],
            shown=count.first["shown"],
            taken=count.first["taken"],
            rows=count.rows,
            first_row=count.first_row,
            last_row=count.last_row,
        )
        for (column, kind), count in counted(_converted(upload)).items()
    ]
    return sorted(found, key=lambda one: (-one.rows, one.column, one.kind))


def _converted(upload: Upload) -> list[tuple[int, list[dict[str, Any]]]]:
    rows = upload.rows.filter(conversions__isnull=False).order_by("number").values_list("number", "conversions")
    return [(number, conversions) for number, conversions in rows if conversions]


def _fits(count: ConversionCount, chosen: ConversionFilter) -> bool:
    return (
        chosen.column in (None, count.column)
        and chosen.kind in (None, count.kind)
        and chosen.nature in (None, count.nature)
    )


def with_conversion(upload: Upload, rows: QuerySet[UploadRow], chosen: ConversionFilter) -> QuerySet[UploadRow]:
    """Of these rows, those where something of the choice was converted."""
    if upload.is_sealed:
        return rows.filter(number__in=_rows_of(upload, chosen))
    kinds = list(kinds_of_conversions(upload, chosen))
    if not kinds:
        return rows.none()
    between = rows.filter(
        number__gte=min(one.first_row for one in kinds), number__lte=max(one.last_row for one in kinds)
    )
    wanted = {"column": chosen.column} if chosen.column is not None else {}
    if chosen.kind is not None:
        return between.filter(conversions__contains=[{**wanted, "kind": chosen.kind}])
    if chosen.nature is None:
        return between.filter(conversions__contains=[wanted])
    found = between.none()
    for one in kinds:
        found |= between.filter(conversions__contains=[{**wanted, "kind": one.kind}])
    return found


def _rows_of(upload: Upload, chosen: ConversionFilter) -> list[int]:
    """Of a sealed upload, whose rows the database cannot read."""
    kinds = {(one.column, one.kind) for one in kinds_of_conversions(upload, chosen)}
    return [
        number
        for number, conversions in _converted(upload)
        if any((one["column"], one["kind"]) in kinds for one in conversions)
    ]


def rows_counted(upload: Upload, chosen: ConversionFilter) -> int | None:
    """How many rows ``with_conversion`` has of all; ``None`` where only they can say."""
    if chosen.kind is None or chosen.column is None:
        return None
    return sum(one.rows for one in kinds_of_conversions(upload, chosen))
