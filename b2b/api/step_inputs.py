"""What steps take, field by field in the reader's words: enough to draw a form for any of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from b2b.api.requests import Request
from b2b.api.serializers import text
from b2b.api.views import Endpoint
from b2b.errors import NotFound

LONG_FROM = 200
"""A text of more letters than this is written in several lines."""
KINDS: tuple[tuple[type[serializers.Field], str], ...] = (
    (serializers.BooleanField, "yes_no"),
    (serializers.ChoiceField, "choice"),
    (serializers.DateTimeField, "instant"),
    (serializers.DateField, "day"),
    (serializers.IntegerField, "number"),
    (serializers.DecimalField, "number"),
    (serializers.CharField, "text"),
)

_known: dict[str, type[serializers.BaseSerializer]] = {}


def name_of(taken: type[serializers.BaseSerializer]) -> str:
    """The name the OpenAPI schema gives to what a step takes."""
    return taken.__name__.removesuffix("Serializer")


def remember(taken: type[serializers.BaseSerializer]) -> None:
    """Let a form be asked for what a step takes."""
    _known[name_of(taken)] = taken


class StepChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = text("Reason", help_text="In the reader's language.")


class StepFieldSerializer(serializers.Serializer):
    name = text("reason")
    label = text("Reason", help_text="In the reader's language.")
    help = serializers.CharField()
    kind = serializers.ChoiceField(
        choices=["text", "long_text", "number", "yes_no", "day", "instant", "choice", "other"],
        help_text="`other` is what no single field of a form can hold, such as lines.",
    )
    is_required = serializers.BooleanField()
    choices = StepChoiceSerializer(many=True)
    max_length = serializers.IntegerField(allow_null=True)


class StepInputSerializer(serializers.Serializer):
    """What a step takes."""

    name = text("ReasonInput")
    fields_ = StepFieldSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """``fields`` is a serializer's own word, so it cannot be declared."""
        declared = super().get_fields()
        return {"name": declared["name"], "fields": declared["fields_"]}


class StepInput(Endpoint):
    @extend_schema(
        responses=StepInputSerializer,
        summary="The fields of what a step takes, for a form",
        operation_id="step_input_retrieve",
    )
    def get(self, request: Request, name: str) -> Response:
        """`name` is the `input` of an offered step."""
        if name not in _known:
            raise NotFound
        taken: Any = _known[name]()
        return Response({"name": name, "fields": [_field(one) for one in taken.fields.values() if not one.read_only]})


def _field(field: Any) -> dict[str, Any]:
    kind = next((kind for of, kind in KINDS if isinstance(field, of)), "other")
    longest = getattr(field, "max_length", None)
    is_long = kind == "text" and (longest is None or longest > LONG_FROM)
    choices = field.choices.items() if kind == "choice" else ()
    return {
        "name": field.field_name,
        "label": str(field.label),
        "help": str(field.help_text or ""),
        "kind": "long_text" if is_long else kind,
        "is_required": field.required,
        "choices": [{"value": str(value), "label": str(label)} for value, label in choices],
        "max_length": longest,
    }
