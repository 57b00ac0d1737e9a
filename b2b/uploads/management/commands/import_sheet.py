"""``script/manage import_sheet FORMAT FILE``: the review of an upload on the command line, and applying it."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string, get_column_letter

from b2b import jobs
from b2b.errors import DomainError
from b2b.policy import Actor
from b2b.uploads.api.columns import columns_said
from b2b.uploads.format import Format
from b2b.uploads.formats import format_of, formats
from b2b.uploads.keepers import keeper
from b2b.uploads.models import Upload
from b2b.uploads.notes import sentence
from b2b.uploads.starting import bring, choose_columns

SHOWN_FAULTS = 50
PAUSE_SECONDS = 0.2
AT_WORK = frozenset({"uploaded", "reading", "applying", "stopping", "undoing"})


class Command(BaseCommand):
    help = (
        "Read a table, say what it would change, and apply it: all rows or none. With --dry-run nothing is applied. "
        "Ends with status 1 where the file is refused, a column is unsure or a row has faults."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=sorted(formats()), metavar="FORMAT", help=", ".join(sorted(formats())))
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--organisation", default="", help="name or key; where only one may, it need not be named")
        parser.add_argument("--as", dest="email", default="", help="e-mail of the member on whose behalf")
        parser.add_argument("--target", default="", help="number or key of the document the rows go into")
        parser.add_argument("--currency", default="", help="of prices that do not say theirs, such as EUR")
        parser.add_argument("--table", default="", help="the sheet to read, where several could be meant")
        parser.add_argument("--column", action="append", default=[], metavar="NAME=LETTER", help="such as sku=C")
        parser.add_argument("--only-valid", action="store_true", help="leave out rows with faults")
        parser.add_argument("--delist-missing", action="store_true", help="take out of sale what the file has not")
        parser.add_argument("--dry-run", action="store_true", help="apply nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._import(**options)
        except DomainError as refusal:
            details = [refusal.detail or str(refusal.title), *(fault.detail for fault in refusal.faults)]
            raise CommandError("\n".join(details)) from None

    def _import(self, **options: Any) -> None:
        declared = format_of(options["format"])
        actor = keeper(declared, options["organisation"], options["email"])
        upload = self._bring(declared, actor, options)
        if upload.state == "needs_mapping" and (options["column"] or options["table"]):
            upload = self._choose(upload, actor, options)
        self._tell(upload)
        if options["dry_run"] or upload.state != "reviewed":
            self._end(upload, actor)
            return
        upload.apply(actor=actor, only_valid=options["only_valid"], delist_missing=options["delist_missing"])
        upload = _worked(upload)
        if upload.state != "applied":
            raise CommandError(_said(upload))
        self.stdout.write(_("Applied."))

    def _bring(self, declared: Format, actor: Actor, options: dict[str, Any]) -> Upload:
        try:
            with options["file"].open("rb") as content:
                return _worked(
                    bring(
                        File(content, name=options["file"].name),
                        format=declared.code,
                        actor=actor,
                        target_id=_target(declared, actor, options["target"]),
                        currency=options["currency"],
                    )
                )
        except OSError as problem:
            raise CommandError(_("The file cannot be read: %(why)s.") % {"why": problem.strerror}) from None

    def _choose(self, upload: Upload, actor: Actor, options: dict[str, Any]) -> Upload:
        tables = columns_said(upload)["tables"]
        table = next((one for one in tables if one["name"] == options["table"]), tables[0])
        layout = table["layout"] or {"table": table["name"], "header_rows": [1], "columns": {}}
        for text in options["column"]:
            name, _equals, letter = text.partition("=")
            layout["columns"][name] = column_index_from_string(letter.upper())
        layout["include_hidden_rows"] = bool(layout.get("include_hidden_rows"))
        return _worked(choose_columns(upload, layout, actor=actor, expected_version=None))

    # --- Telling ------------------------------------------------------------------------------------
    def _tell(self, upload: Upload) -> None:
        self.stdout.write(f"{upload.filename}: {upload.get_state_display()}")
        for note in (upload.survey or {}).get("notes", ()):
            self.stdout.write(f"  {sentence(note['code'], note['values'])}")
        if upload.layout:
            places = ", ".join(f"{name}={get_column_letter(place)}" for name, place in upload.layout["columns"].items())
            self.stdout.write(f"  {upload.layout['table']}: {places}")
        for outcome, rows in sorted(upload.counts.items()):
            self.stdout.write(f"  {outcome}: {rows}")
        self._tell_conversions(upload)
        self._tell_faults(upload)

    def _tell_conversions(self, upload: Upload) -> None:
        rows = upload.rows.filter(conversions__isnull=False).count()
        if rows:
            self.stdout.write("  " + _("Rows with cells understood otherwise than written: %(rows)s") % {"rows": rows})

    def _tell_faults(self, upload: Upload) -> None:
        for row in upload.rows.filter(outcome="faulty").order_by("number")[:SHOWN_FAULTS]:
            for fault in row.faults or ():
                place = f"{get_column_letter(fault['column'])}{row.number}" if fault["column"] else str(row.number)
                self.stdout.write(f"  {place} {fault['heading']}: {fault['detail']} [{fault['value']}]")
        if upload.faulty_count > SHOWN_FAULTS:
            self.stdout.write("  " + _("… and %(rows)s more rows.") % {"rows": upload.faulty_count - SHOWN_FAULTS})

    def _end(self, upload: Upload, actor: Actor) -> None:
        faulty, state, said = upload.faulty_count, upload.state, _said(upload)
        questions = self._questions(upload) if state == "needs_mapping" else []
        upload.cancel(actor=actor)
        if state != "reviewed":
            raise CommandError("\n".join([said, *questions]).strip())
        if faulty:
            raise CommandError(_("%(rows)s rows have faults.") % {"rows": faulty})

    def _questions(self, upload: Upload) -> list[str]:
        said = columns_said(upload)
        return [question["detail"] for table in said["tables"][:1] for question in table["questions"]]


def _said(upload: Upload) -> str:
    problem = upload.problem or {}
    faults = [fault.get("detail", "") for fault in problem.get("faults", ())]
    return "\n".join(filter(None, [problem.get("detail") or problem.get("title", ""), *faults]))


def _worked(upload: Upload) -> Upload:
    """The upload once the work it waits for is done: here, or by the worker that was quicker."""
    upload.refresh_from_db()
    while upload.state in AT_WORK and upload.job_id is not None:
        if not jobs.work(upload.job_id):
            time.sleep(PAUSE_SECONDS)
        upload.refresh_from_db()
        if upload.job is not None and upload.job.state in {"failed", "cancelled"}:
            break
    return upload


def _target(declared: Format, actor: Actor, text: str) -> UUID | None:
    """Raises ``CommandError`` where there is no such document."""
    if not text or declared.target is None:
        return None
    visible = declared.target._default_manager.visible_to(actor)  # type: ignore[attr-defined]
    try:
        wanted = visible.filter(pk=UUID(text))
    except ValueError:
        wanted = visible.filter(number=text)
    found = wanted.first()
    if found is None:
        raise CommandError(
            _("There is no %(what)s “%(text)s”.") % {"what": declared.target._meta.verbose_name, "text": text}
        )
    return UUID(str(found.pk))
