"""What is there and missing from the file: counted in the review, staged as rows when the upload is applied."""

from __future__ import annotations

from django.db.models import BigIntegerField, Count, DecimalField, Func, Sum, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext

from b2b.errors import Fault
from b2b.uploads.drift import Drifted
from b2b.uploads.forgetting import drop
from b2b.uploads.format import Session
from b2b.uploads.models import Upload

MARK = "missing"
"""Where the upload's basis keeps which things the review named."""


def counted(session: Session) -> tuple[int, dict[str, str]]:
    """How many things are missing, and a mark that is another one for other things."""
    missing = session.missing()
    if missing is None:
        return 0, {}
    number = Func(Cast("pk", TextField()), Value(0), function="hashtextextended", output_field=BigIntegerField())
    total = Sum(Cast(number, DecimalField(max_digits=40, decimal_places=0)))
    found = missing.order_by().aggregate(rows=Count("pk"), total=total)
    return found["rows"], {MARK: f"{found['rows']}:{found['total'] or 0}"}


def stage(upload: Upload, session: Session) -> None:
    """Have rows for what is missing, where that was asked for or the file stands for all; else none.

    Raises ``Drifted`` where other things are missing now than the review named, or what the format raises.
    """
    drop(upload.rows.filter(outcome="missing"))
    if not (upload.options.get("delist_missing") or session.format.replaces):
        return
    _require_as_reviewed(upload, session)
    session.delist()


def _require_as_reviewed(upload: Upload, session: Session) -> None:
    _count, mark = counted(session)
    if mark and (upload.basis or {}).get(MARK, mark[MARK]) != mark[MARK]:
        detail = gettext("What is missing from the file is not any more what the review named. Look at it again.")
        raise Drifted(faults=[Fault("#/missing", "changed-since-review", detail)])
