"""The second half of the work: reviewed rows come into force a chunk at a time, all of them or none; and undoing.

Every chunk is a transaction of its own, short enough that nobody waits, and is kept together with the place to go
on from: a worker that dies is followed by one that goes on behind the last chunk. Where a chunk cannot come into
force, those before it are taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext

from b2b.errors import DomainError, Fault
from b2b.garbage import let_go, uncollected
from b2b.jobs import JobRun, LeaseLost
from b2b.jobs.ending import problem
from b2b.policy import CLOCK
from b2b.sentences import remembered
from b2b.uploads import changes, delisting
from b2b.uploads.drift import Drifted
from b2b.uploads.format import Act, Session
from b2b.uploads.formats import format_of
from b2b.uploads.models import Upload
from b2b.uploads.reading import count

ALL_ROWS = 1_000_000_000
NOTHING = -1
"""Where nothing of an upload is in force."""
COLUMNS = ("number", "key", "outcome", "document_id", "before", "after")


class _Stopped(Exception):
    """Somebody asked to stop before everything was applied."""


def apply(run: JobRun) -> dict[str, int]:
    """The job ``uploads.apply``: ends applied, or reviewed again with the reason and nothing applied."""
    upload = Upload.objects.get(pk=run.arguments["upload_id"])
    session = format_of(upload.format).session(upload, run.actor)
    with remembered(), uncollected():
        if upload.state == "applying":
            _apply(upload, session, run)
        if upload.state == "stopping":
            _give_back(upload, session, run, upload.problem or _stopped())
    return dict(upload.counts)


def _apply(upload: Upload, session: Session, run: JobRun) -> None:
    try:
        _delist(upload, session)
        total = upload.rows.acting().count()
        while acts := _next(upload, session):
            _apply_chunk(upload, session, acts, run, total)
            let_go(acts)
        with transaction.atomic():
            upload.finish(actor=CLOCK, digest=changes.digest(upload), counts=dict(upload.counts))
    except _Stopped:
        upload.refresh_from_db()
    except DomainError as refusal:
        _give_back(upload, session, run, problem(refusal))


def _delist(upload: Upload, session: Session) -> None:
    """Stage what is missing from the file, unless a worker that died has gone further already."""
    with transaction.atomic():
        if _locked(upload).applied_through == NOTHING:
            delisting.stage(upload, session)


def _next(upload: Upload, session: Session) -> list[Act]:
    rows = upload.rows.acting().filter(number__gt=upload.applied_through).order_by("number")
    return [Act(*row) for row in rows.values_list(*COLUMNS)[: session.chunk_rows or ALL_ROWS]]


def _apply_chunk(upload: Upload, session: Session, acts: Sequence[Act], run: JobRun, total: int) -> None:
    with transaction.atomic():
        if _locked(upload).state != "applying":
            raise _Stopped
        session.apply(acts, actor=run.actor)
        done = upload.rows.acting().filter(number__lte=acts[-1].number).count() if total > len(acts) else len(acts)
        _reach(upload, acts[-1].number)
        run.checkpoint(acts[-1].number, done=done, total=total)


def _locked(upload: Upload) -> Upload:
    """The upload as it is now, held until the transaction ends.

    Raises ``LeaseLost`` where a worker that was quicker has gone on from where this one believes to be.
    """
    found = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if found.applied_through != upload.applied_through:
        raise LeaseLost
    return found


def _reach(upload: Upload, number: int) -> None:
    Upload.objects.filter(pk=upload.pk).update(applied_through=number)
    upload.applied_through = number


# --- Backwards -------------------------------------------------------------------------------------
def _give_back(upload: Upload, session: Session, run: JobRun, why: Mapping[str, Any]) -> None:
    kept = _take_back(upload, session, run)
    if upload.is_sealed:
        why = _without_values(why)
    with transaction.atomic():
        count(upload, session)
        upload.refresh_from_db()
        upload.give_back(actor=CLOCK, problem={**why, "faults": [*why.get("faults", ()), *kept]})


def _without_values(why: Mapping[str, Any]) -> dict[str, Any]:
    """A refusal as it may stand in clear beside sealed rows: where and of what kind, not what the cells say."""
    detail = gettext("This does not hold any more. Send the file again to see why.")
    faults = [
        {"pointer": f"#/rows/{one['row']}", "code": one["code"], "detail": detail} if one.get("row") else one
        for one in why.get("faults", ())
    ]
    return {**why, "faults": faults}


def undo(run: JobRun) -> dict[str, int]:
    """The job ``uploads.undo``: ends undone, or applied as before with what stands in the way."""
    upload = Upload.objects.get(pk=run.arguments["upload_id"])
    if upload.state == "undoing":
        session = format_of(upload.format).session(upload, run.actor)
        with remembered():
            if not _refused(upload, session):
                kept = _take_back(upload, session, run)
                upload.refresh_from_db()
                upload.restore(actor=CLOCK, problem=problem(Drifted()) | {"faults": kept} if kept else None)
    return dict(upload.counts)


def _refused(upload: Upload, session: Session) -> bool:
    """Ask once more before the first chunk, as time passed since the step was taken."""
    full = not upload.rows.acting().filter(number__gt=upload.applied_through).exists()
    faults = list(session.dependents()) if full else []
    if faults:
        upload.keep(actor=CLOCK, problem=problem(Drifted(faults=faults)))
    return bool(faults)


def _take_back(upload: Upload, session: Session, run: JobRun) -> list[dict[str, Any]]:
    """Restore all that is in force, last chunk first.

    What somebody changed again meanwhile stays as they left it; the faults returned say which rows.
    """
    kept: list[dict[str, Any]] = []
    while acts := _last(upload, session):
        try:
            _take_back_chunk(upload, session, acts, run)
        except Drifted as drifted:
            kept += [{"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in drifted.faults]
            _leave(upload, drifted.faults)
    return kept


def _last(upload: Upload, session: Session) -> list[Act]:
    rows = upload.rows.acting().filter(number__lte=upload.applied_through).order_by("-number")
    return [Act(*row) for row in rows.values_list(*COLUMNS)[: session.chunk_rows or ALL_ROWS]][::-1]


def _take_back_chunk(upload: Upload, session: Session, acts: Sequence[Act], run: JobRun) -> None:
    with transaction.atomic():
        _locked(upload)
        session.take_back(acts, actor=run.actor)
        chunk = upload.rows.filter(number__gte=acts[0].number, number__lte=acts[-1].number)
        chunk.filter(outcome__in=["changed", "missing"]).update(bumps=F("bumps") + 2)
        before = upload.rows.acting().filter(number__lt=acts[0].number).aggregate(last=Max("number"))["last"]
        _reach(upload, NOTHING if before is None else before)
        run.checkpoint(upload.applied_through)


def _leave(upload: Upload, faults: Sequence[Fault]) -> None:
    """Take rows that cannot be restored out of the upload: what stands in them now is somebody else's."""
    numbers = [int(fault.pointer.rpartition("/")[2]) for fault in faults]
    for row in upload.rows.filter(number__in=numbers):
        said = [{"column": 0, "code": fault.code, "detail": fault.detail, "heading": "", "value": "", "suggestions": []}
                for fault in faults if fault.pointer.endswith(f"/{row.number}")]  # fmt: skip
        upload.rows.filter(pk=row.pk).update(outcome="faulty", faults=said, bumps=F("bumps") + 1)


def _stopped() -> dict[str, Any]:
    return {"code": "stopped", "title": gettext("Stopped"), "detail": gettext("Nothing was changed."), "faults": []}
