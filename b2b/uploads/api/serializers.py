"""Uploads as the API shows them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from b2b.api.documents import DocumentSerializer, RowSerializer
from b2b.api.serializers import Serializer
from b2b.uploads.conversions import NATURES
from b2b.uploads.formats import format_of
from b2b.uploads.models import Upload
from b2b.uploads.notes import sentence
from b2b.uploads.targets import described, made_by

ROW = (
    "format", "format_title", "target_id", "filename", "size", "currency", "counts", "missing_count", "faulty_count",
    "mended_count",
)  # fmt: skip


class UploadProgressSerializer(serializers.Serializer):
    """How far the work is, in rows."""

    job = serializers.UUIDField()
    state = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)


class ProblemSaid(serializers.Serializer):
    """Why it went no further."""

    code = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()
    faults = serializers.ListField(child=serializers.DictField(child=serializers.CharField(allow_blank=True)))


class EarlierSerializer(serializers.Serializer):
    """An upload of the same file that is in force."""

    id = serializers.UUIDField()
    filename = serializers.CharField()
    created_at = serializers.DateTimeField()


class NoteSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()


class WhereSerializer(serializers.Serializer):
    """A document the rows go into, or became."""

    type = serializers.CharField()
    id = serializers.UUIDField()
    number = serializers.CharField()
    title = serializers.CharField()


class UploadRowsSerializer(RowSerializer):
    """An upload in the list."""

    format_title = serializers.SerializerMethodField()
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True, help_text="Rows by outcome.")

    class Meta:
        model = Upload
        fields: ClassVar = (*RowSerializer.BASE, *ROW)

    def get_format_title(self, upload: Upload) -> str:
        return str(format_of(upload.format).title)


class UploadSerializer(DocumentSerializer):
    format_title = serializers.SerializerMethodField()
    layout = serializers.JSONField(read_only=True, help_text="How the table is read.")
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True, help_text="Rows by outcome.")
    problem = ProblemSaid(read_only=True, allow_null=True)
    progress = serializers.SerializerMethodField()
    same_file = serializers.SerializerMethodField(help_text="Earlier uploads of the same file that are in force.")
    notes = serializers.SerializerMethodField(help_text="What a person should know of the file, and of applying it.")
    can_delist = serializers.SerializerMethodField()
    replaces = serializers.SerializerMethodField(help_text="Whether applying takes out what is missing, unasked.")
    target = serializers.SerializerMethodField(help_text="The document the rows go into.")
    documents = serializers.SerializerMethodField(help_text="The documents the rows became, the first of them.")
    created_by_name = serializers.CharField(source="created_by.name", read_only=True, default="")
    applied_by_name = serializers.CharField(source="applied_by.name", read_only=True, default="")

    class Meta:
        model = Upload
        fields: ClassVar = (
            *DocumentSerializer.BASE, *ROW, "sha256", "layout", "options", "problem", "progress", "same_file", "notes",
            "can_delist", "replaces", "target", "documents", "created_by_name", "applied_by_name",
        )  # fmt: skip

    def get_format_title(self, upload: Upload) -> str:
        return str(format_of(upload.format).title)

    def get_can_delist(self, upload: Upload) -> bool:
        return format_of(upload.format).can_delist

    def get_replaces(self, upload: Upload) -> bool:
        return format_of(upload.format).replaces

    @extend_schema_field(WhereSerializer(allow_null=True))
    def get_target(self, upload: Upload) -> Any:
        declared = format_of(upload.format)
        if declared.target is None or upload.target_id is None:
            return None
        target = declared.target._base_manager.filter(pk=upload.target_id).first()
        return WhereSerializer(described(target)).data if target is not None else None

    @extend_schema_field(WhereSerializer(many=True))
    def get_documents(self, upload: Upload) -> Any:
        return WhereSerializer(list(made_by(upload)), many=True).data

    @extend_schema_field(UploadProgressSerializer(allow_null=True))
    def get_progress(self, upload: Upload) -> Any:
        job = upload.job
        if job is None:
            return None
        return {"job": job.pk, "state": job.state, "done": job.done_count, "total": job.total_count}

    @extend_schema_field(EarlierSerializer(many=True))
    def get_same_file(self, upload: Upload) -> Any:
        earlier = Upload.objects.same_file(upload).order_by("-id")[:3]
        return EarlierSerializer(earlier, many=True).data

    @extend_schema_field(NoteSerializer(many=True))
    def get_notes(self, upload: Upload) -> Any:
        found = [
            {"code": note["code"], "detail": sentence(note["code"], note["values"])}
            for note in (upload.survey or {}).get("notes", ())
        ]
        notices = format_of(upload.format).session(upload).notices() if upload.state == "reviewed" else ()
        return found + [{"code": notice.code, "detail": notice.detail} for notice in notices]


class FieldChangeSerializer(serializers.Serializer):
    """One field that differs: what it says now, and what the file says."""

    column = serializers.CharField()
    heading = serializers.CharField()
    old = serializers.CharField(allow_null=True)
    new = serializers.CharField(allow_null=True)


class CellFaultSerializer(serializers.Serializer):
    column = serializers.IntegerField(help_text="From 1; 0 for the whole row.")
    code = serializers.CharField()
    detail = serializers.CharField()
    heading = serializers.CharField()
    value = serializers.CharField()
    suggestions = serializers.ListField(child=serializers.CharField())


class CellConversionSerializer(serializers.Serializer):
    column = serializers.IntegerField()
    heading = serializers.CharField()
    shown = serializers.CharField()
    taken = serializers.CharField()
    kind = serializers.CharField(help_text="As `conversions` counts it.")


class ReviewedRowSerializer(serializers.Serializer):
    """A row of the file, and what it would do, or did."""

    number = serializers.IntegerField()
    outcome = serializers.CharField()
    key = serializers.CharField()
    cells = serializers.DictField(child=serializers.CharField(), help_text="As the file has them, by column.")
    changes = FieldChangeSerializer(many=True)
    faults = CellFaultSerializer(many=True)
    conversions = CellConversionSerializer(many=True)
    remark = serializers.CharField()
    document_id = serializers.UUIDField(allow_null=True)


class MendedRowSerializer(ReviewedRowSerializer):
    """The row judged again, and other rows that are otherwise by it, such as those that shared its key."""

    others = ReviewedRowSerializer(many=True)
    others_count = serializers.IntegerField(help_text="All of them, where `others` holds only the first.")


class ReviewedRowsSerializer(serializers.Serializer):
    results = ReviewedRowSerializer(many=True)
    count = serializers.IntegerField(help_text="All rows of this choice.")
    offset = serializers.IntegerField()


class MissingSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class MissingRowsSerializer(serializers.Serializer):
    results = MissingSerializer(many=True)
    count = serializers.IntegerField()
    offset = serializers.IntegerField()


class FaultCountSerializer(serializers.Serializer):
    """How many rows have a kind of fault in a column."""

    code = serializers.CharField()
    heading = serializers.CharField()
    detail = serializers.CharField(help_text="The sentence of the first.")
    rows = serializers.IntegerField()


class ConversionCountSerializer(serializers.Serializer):
    """How many rows have a kind of conversion in a column, and the first of them."""

    column = serializers.IntegerField(help_text="From 1; 0 for what stands in no column of the file.")
    heading = serializers.CharField()
    kind = serializers.CharField(help_text="The nature and the pattern its cells have in common.")
    nature = serializers.ChoiceField(choices=NATURES, help_text="What was read, or why.")
    shown = serializers.CharField(help_text="As the first of them is written.")
    taken = serializers.CharField(help_text="As that was read.")
    rows = serializers.IntegerField()


class ConversionCountsSerializer(serializers.Serializer):
    results = ConversionCountSerializer(many=True)
    count = serializers.IntegerField()
    offset = serializers.IntegerField()


# --- What is sent ------------------------------------------------------------------------------------
class TableInput(Serializer):
    """A file, or a range pasted from a spreadsheet."""

    file = serializers.FileField(required=False, help_text="xlsx, xlsm, xls, ods, csv or tsv.")
    text = serializers.CharField(required=False, trim_whitespace=False, help_text="A pasted range: cells between tabs.")
    format = serializers.CharField(max_length=40)
    target = serializers.UUIDField(required=False, help_text="The document the rows go into, where the format asks.")
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("text" in attrs):
            raise serializers.ValidationError({"file": [gettext("Send a file or a text, one of the two.")]})
        return attrs


class MendedFileInput(Serializer):
    file = serializers.FileField()


class LayoutInput(Serializer):
    layout = serializers.DictField(help_text="As `columns` proposes it, with your answers.")


class ApplyInput(Serializer):
    only_valid = serializers.BooleanField(default=False, help_text="Leave out rows with faults.")
    delist_missing = serializers.BooleanField(default=False, help_text="Take out of sale what the file does not have.")


class MendInput(Serializer):
    cells = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=32_000), allow_empty=False)
