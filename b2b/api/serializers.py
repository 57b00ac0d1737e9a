"""Serializers that refuse what they do not know."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from b2b.api import fields
from b2b.api.problem_serializers import FaultSerializer
from b2b.errors import Fault
from b2b.workflow import Document, offers

Columns = Mapping[str, models.Field]


class Strict:
    """Mixed in before a serializer: a member it would not write is a fault, not noise."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = self._unknown(data)
        try:
            values = super().to_internal_value(data)  # type: ignore[misc]
        except ValidationError as error:
            raise ValidationError({**error.detail, **unknown}) from None  # type: ignore[dict-item]
        if unknown:
            raise ValidationError(unknown)
        return values

    def _unknown(self, data: Any) -> dict[str, list[ErrorDetail]]:
        if not isinstance(data, Mapping):
            return {}
        unknown = data.keys() - self._known
        if not unknown:
            return {}
        detail = gettext("This is not accepted here.")
        return {str(name): [ErrorDetail(detail, code="unknown-field")] for name in data if name in unknown}

    @cached_property
    def _writable_fields(self) -> list[serializers.Field]:
        """Asked once for all rows of a list."""
        return list(super()._writable_fields)  # type: ignore[misc]

    @cached_property
    def _known(self) -> set[str]:
        return {str(field.field_name) for field in self._writable_fields}


class Serializer(Strict, serializers.Serializer):
    """Inputs that are no model's."""


class NoInput(Serializer):
    """A step that takes nothing: an empty body or an empty object."""


class ReasonInput(Serializer):
    """A step that wants to know why."""

    reason = serializers.CharField(max_length=2000, label=_("Reason"))


class ModelSerializer(Strict, serializers.ModelSerializer):
    serializer_field_mapping: ClassVar[Any] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DecimalField: fields.DecimalField,
    }


_put_together: dict[tuple[type[serializers.ModelSerializer], str | None], dict[str, serializers.Field]] = {}
"""The fields of each class of serializer that shows, by language: some of their texts are fixed when they are made."""


class ShownSerializer(ModelSerializer):
    """What is only ever shown, such as a document's lines: nothing in it is optional and nothing is written."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """Copies: to put the fields together from the model's columns takes longer than to show a document."""
        key = type(self), get_language()
        if key not in _put_together:
            _put_together[key] = super().get_fields()
        shown = deepcopy(_put_together[key])
        for field in shown.values():
            field.read_only = True
        return shown

    def to_representation(self, instance: models.Model) -> dict[str, Any]:
        """As the framework does it, without asking for every value of every row how to get it."""
        withheld = self.withheld(instance)
        return {
            name: None if name in withheld or (value := read(instance)) is None else show(value)
            for name, read, show in self._columns
        }

    def withheld(self, instance: Any) -> Collection[str]:
        """The columns that this reader is not shown: they are null, and not even looked up."""
        return ()

    @cached_property
    def _columns(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
        """Name, how to read it from a row, how to show it."""
        model: Any = self.Meta.model
        own = {column.name: column for column in model._meta.concrete_fields if not column.is_relation}
        labelled = {f"get_{name}_display": column for name, column in own.items() if column.flatchoices}
        return [
            (str(field.field_name), reader(field, own, labelled), field.to_representation)
            for field in self._readable_fields
        ]


def reader(field: serializers.Field, own: Columns, labelled: Columns) -> Callable[[Any], Any]:
    """How a field finds its value: a plain column at once; what hangs on something that is not there is null."""
    source = str(field.source)
    if source in own:
        return attrgetter(source)
    if source in labelled:
        return label(labelled[source])

    def read(instance: Any) -> Any:
        try:
            return field.get_attribute(instance)
        except serializers.SkipField:
            return None

    return read


def label(column: models.Field) -> Callable[[Any], Any]:
    """What the framework's ``get_…_display`` answers, without going through all choices for every row."""
    labels, code = dict(column.flatchoices), attrgetter(column.attname)

    def read(instance: Any) -> Any:
        chosen = code(instance)
        return labels.get(chosen, chosen)

    return read


class RowSerializer(ShownSerializer):
    """A document in a list: what a table shows, and nothing that costs a query per row."""

    BASE: ClassVar = ("id", "number", "state", "state_label", "version", "created_at")

    state_label = fields.StateLabelField()


def text(example: str, **options: Any) -> Any:
    """A text field that shows in the schema what it may hold."""
    kind = ["string", "null"] if options.get("allow_null") else "string"
    field: Any = serializers.CharField(**options)
    return extend_schema_field({"type": kind, "examples": [example]})(field)


class OfferSerializer(serializers.Serializer):
    """A step this reader may take from the present state; closed while there are reasons."""

    name = text("submit")
    label = text("Submit", help_text="In the reader's language.")
    url = text("/api/v1/rfqs/0198c5b0-7a3e-7cc1-9f4e-2b6d1a0c9e57/submit/", help_text="Where to POST.")
    open = serializers.BooleanField()
    reasons = FaultSerializer(many=True)
    input = text("ReasonInput", allow_null=True, help_text="The schema of the body, where the step takes one.")


class LinksSerializer(serializers.Serializer):
    self = text("/api/v1/rfqs/0198c5b0-7a3e-7cc1-9f4e-2b6d1a0c9e57/")
    journal = text("/api/v1/rfqs/0198c5b0-7a3e-7cc1-9f4e-2b6d1a0c9e57/journal/")


class DocumentSerializer(ShownSerializer):
    """A document as its own page shows it: subclasses add fields and lines to ``BASE``."""

    BASE: ClassVar = (*RowSerializer.BASE, "editable", "steps", "links")

    state_label = fields.StateLabelField()
    editable = serializers.SerializerMethodField(help_text="Whether this reader may PATCH it now.")
    steps = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    def get_editable(self, document: Document) -> bool:
        view, actor = self.context["view"], self.context["request"].actor
        return view.editable and document.state in document.editable_in and document.editable_by(actor, document)

    @extend_schema_field(OfferSerializer(many=True))
    def get_steps(self, document: Document) -> list[dict[str, Any]]:
        view = self.context["view"]
        return [
            {
                "name": offer.name,
                "label": offer.label,
                "url": view.step_url(document, offer.name),
                "open": offer.open,
                "reasons": [vars_of(fault) for fault in offer.reasons],
                "input": view.input_schema(offer.name),
            }
            for offer in offers(document, self.context["request"].actor)
            if offer.name in view.exposed_steps
        ]

    @extend_schema_field(LinksSerializer)
    def get_links(self, document: Document) -> dict[str, str]:
        view = self.context["view"]
        return {"self": view.document_url(document), "journal": view.document_url(document, "journal")}


def vars_of(fault: Fault) -> dict[str, str]:
    return {"pointer": fault.pointer, "code": fault.code, "detail": str(fault.detail)}
