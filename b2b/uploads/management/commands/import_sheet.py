"""``script/manage import_sheet FORMAT FILE``: the review of an upload on the command line, and applying it."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import get_supported_language_variant
from openpyxl.utils import column_index_from_string, get_column_letter

from b2b import jobs
from b2b.currency import currencies
from b2b.errors import DomainError
from b2b.policy import Actor
from b2b.uploads.api.columns import columns_said
from b2b.uploads.format import Format
from b2b.uploads.formats import format_of, formats
from b2b.uploads.keepers import keeper
from b2b.uploads.mapping import confirmed
from b2b.uploads.models import Outcome, Upload
from b2b.uploads.notes import sentence
from b2b.uploads.queries.conversions import ConversionFilter, kinds_of_conversions
from b2b.uploads.showing import conversions_shown
from b2b.uploads.starting import bring, choose_columns
from b2b.uploads.surveying import tables_of
from b2b.uploads.telling import Headings

SHOWN_FAULTS = 50
SHOWN_CONVERSIONS = 30
PAUSE_SECONDS = 0.2
ANSWERABLE = frozenset({"needs_mapping", "reviewed"})
AT_WORK = frozenset({"uploaded", "reading", "applying", "stopping", "undoing"})


class Command(BaseCommand):
    help = (
        "Read a table, say what it would change, and apply it: all rows or none. With --dry-run nothing is applied. "
        "Ends with status 1 where the file is refused, a column is unsure or a row has faults; a table that changes "
        "nothing is no fault. Speaks the language of LC_ALL, LC_MESSAGES or LANG, or the one named."
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
        parser.add_argument(
            "--headings", type=int, default=None, metavar="ROW",
            help="the row of the headings, where none is found; 0 says that there are none",
        )  # fmt: skip
        parser.add_argument("--only-valid", action="store_true", help="leave out rows with faults")
        parser.add_argument("--delist-missing", action="store_true", help="take out of sale what the file has not")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default=None)
        parser.add_argument("--dry-run", action="store_true", help="apply nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["language"] or _language_of_environment() or get_language()):
            try:
                self._import(**options)
            except DomainError as refusal:
                details = [refusal.detail or str(refusal.title), *(fault.detail for fault in refusal.faults)]
                raise CommandError("\n".join(details)) from None

    def _import(self, **options: Any) -> None:
        declared = format_of(options["format"])
        actor = keeper(declared, options["organisation"], options["email"])
        columns = _columns(declared, options["column"])
        _check(options)
        upload = self._bring(declared, actor, options)
        if upload.state in ANSWERABLE and (columns or options["table"] or options["headings"] is not None):
            upload = self._choose(upload, actor, columns, options)
        self._tell(upload)
        faulty = upload.faulty_count and not options["only_valid"]
        if options["dry_run"] or upload.state != "reviewed" or faulty:
            self._end(upload, actor)
        elif _changes_nothing(upload, declared, delist=options["delist_missing"]):
            upload.cancel(actor=actor)
            self.stdout.write(_("There is nothing to apply: the file says what is there already."))
        else:
            self._apply(upload, actor, options)

    def _apply(self, upload: Upload, actor: Actor, options: dict[str, Any]) -> None:
        """What cannot be applied ends the upload: nobody would come back to its review."""
        try:
            upload.apply(actor=actor, only_valid=options["only_valid"], delist_missing=options["delist_missing"])
        except DomainError:
            _given_up(upload, actor)
            raise
        upload = _worked(upload)
        if upload.state != "applied":
            said = _said(upload)
            _given_up(upload, actor)
            raise CommandError(said)
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

    def _choose(self, upload: Upload, actor: Actor, columns: dict[str, int], options: dict[str, Any]) -> Upload:
        """As the command says. What it leaves open, or says wrongly, ends the upload."""
        try:
            layout = _layout(upload, columns, options["table"], options["headings"])
            if options["dry_run"]:
                chosen = confirmed(upload, layout, tables_of(upload))
                upload.confirm_mapping(actor=actor, layout=chosen.to_json())
            else:
                choose_columns(upload, layout, actor=actor, expected_version=None)
        except (DomainError, CommandError):
            upload.cancel(actor=actor)
            raise
        return _worked(upload)

    # --- Telling ------------------------------------------------------------------------------------
    def _tell(self, upload: Upload) -> None:
        self.stdout.write(f"{upload.filename}: {upload.get_state_display()}")
        for note in (upload.survey or {}).get("notes", ()):
            self.stdout.write(f"  {sentence(note['code'], note['values'])}")
        if upload.layout:
            by_place = sorted(upload.layout["columns"].items(), key=itemgetter(1))
            places = ", ".join(f"{name}={get_column_letter(place)}" for name, place in by_place)
            self.stdout.write(f"  {upload.layout['table']}: {places}")
        for outcome, rows in sorted(upload.counts.items()):
            self.stdout.write(f"  {Outcome(outcome).label}: {rows}")
        self._tell_conversions(upload)
        self._tell_faults(upload)

    def _tell_conversions(self, upload: Upload) -> None:
        rows = upload.rows.filter(conversions__isnull=False).count()
        if not rows:
            return
        self.stdout.write("  " + _("Rows with cells understood otherwise than written: %(rows)s") % {"rows": rows})
        kinds = conversions_shown(upload, kinds_of_conversions(upload, ConversionFilter())[: SHOWN_CONVERSIONS + 1])
        for one in kinds[:SHOWN_CONVERSIONS]:
            told = _("%(heading)s: “%(shown)s” read as %(taken)s, in rows: %(rows)s") % one
            self.stdout.write(f"    {told}")
        if len(kinds) > SHOWN_CONVERSIONS:
            self.stdout.write("    …")

    def _tell_faults(self, upload: Upload) -> None:
        headings = Headings(upload)
        for row in upload.rows.filter(outcome="faulty").order_by("number")[:SHOWN_FAULTS]:
            for fault in headings.told(row.faults):
                place = f"{get_column_letter(fault['column'])}{row.number}" if fault["column"] else str(row.number)
                instead = f" → {' / '.join(fault['suggestions'])}" if fault["suggestions"] else ""
                self.stdout.write(f"  {place} {fault['heading']}: {fault['detail']} [{fault['value']}]{instead}")
        if upload.faulty_count > SHOWN_FAULTS:
            self.stdout.write("  " + _("… and %(rows)s more rows.") % {"rows": upload.faulty_count - SHOWN_FAULTS})

    def _end(self, upload: Upload, actor: Actor) -> None:
        faulty, state, said = upload.faulty_count, upload.state, _said(upload)
        questions = self._questions(upload) if state == "needs_mapping" else []
        upload.cancel(actor=actor)
        if state != "reviewed":
            raise CommandError("\n".join([said, *questions]).strip())
        if faulty:
            raise CommandError(
                ngettext("%(rows)s row has faults.", "%(rows)s rows have faults.", faulty) % {"rows": faulty}
            )

    def _questions(self, upload: Upload) -> list[str]:
        said = columns_said(upload)
        return [question["detail"] for table in said["tables"][:1] for question in table["questions"]]


def _language_of_environment() -> str | None:
    """As other programs of the command line take it; nothing where that is none of ours."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    try:
        return get_supported_language_variant(said.partition(".")[0].replace("_", "-") or "-")
    except LookupError:
        return None


def _check(options: dict[str, Any]) -> None:
    """Raises ``CommandError`` for what no file could make right."""
    if options["headings"] is not None and options["headings"] < 0:
        raise CommandError(_("Rows are counted from 1; 0 says that there are no headings."))
    if options["currency"] and options["currency"] not in {known.code for known in currencies()}:
        raise CommandError(_("“%(code)s” is no currency. Write its code, such as EUR.") % {"code": options["currency"]})


def _changes_nothing(upload: Upload, declared: Format, *, delist: bool) -> bool:
    takes_out = upload.missing_count and (delist or declared.replaces)
    return not (upload.faulty_count or upload.changes_count() or takes_out)


def _given_up(upload: Upload, actor: Actor) -> None:
    upload.refresh_from_db()
    if upload.state in upload.steps()["cancel"].sources:
        upload.cancel(actor=actor)


def _columns(declared: Format, texts: list[str]) -> dict[str, int]:
    """The answers of ``--column``. Raises ``CommandError``."""
    known, found = declared.reading_sheet().columns, {}
    for text in texts:
        name, _equals, letter = text.partition("=")
        if name not in known:
            said = {"name": name, "names": ", ".join(known)}
            raise CommandError(_("There is no column “%(name)s”. Choose one of: %(names)s.") % said)
        try:
            found[name] = column_index_from_string(letter.strip().upper())
        except ValueError:
            detail = _("“%(text)s” names no column of the file. Write its letter, as in %(example)s.")
            raise CommandError(detail % {"text": text, "example": f"{name}=C"}) from None
    return found


def _layout(upload: Upload, columns: dict[str, int], table: str, headings: int | None) -> dict[str, Any]:
    """What is sure of the table named, or of the likeliest, with the answers. Raises ``CommandError``.

    Where no headings were found, the first row is taken for them unless ``headings`` is 0.
    """
    tables = columns_said(upload)["tables"]
    found = next((one for one in tables if one["name"] == table or not table), None)
    if found is None:
        names = ", ".join(f"“{one['name']}”" for one in tables)
        raise CommandError(_("The file has no table “%(table)s”, but %(names)s.") % {"table": table, "names": names})
    layout = found["layout"] or {"table": found["name"], "header_rows": [1], "columns": {}}
    answered = {name: place for name, place in layout["columns"].items() if place not in columns.values()}
    hidden = bool(layout.get("include_hidden_rows"))
    rows = layout["header_rows"] or [1] if headings is None else [headings] if headings else []
    return {**layout, "header_rows": rows, "columns": {**answered, **columns}, "include_hidden_rows": hidden}


def _said(upload: Upload) -> str:
    problem = upload.problem or (upload.job.error if upload.job else None) or {}
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
    if not text:
        return None
    if declared.target is None:
        raise CommandError(_("This kind of table goes into no document. Leave it out."))
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
