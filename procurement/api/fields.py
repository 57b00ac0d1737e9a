"""Fields and serializers the documents of procurement share."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from b2b.api.fields import DecimalField
from b2b.api.serializers import Serializer
from b2b.currency import UnknownCurrency, currency
from b2b.models import Organisation
from procurement.policy import oversees

QUANTITY: dict[str, Any] = {"max_digits": 20, "decimal_places": 6}
PRICE: dict[str, Any] = {"max_digits": 20, "decimal_places": 6}
AMOUNT: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}
RATE: dict[str, Any] = {"max_digits": 7, "decimal_places": 4}
LARGEST_NUMBER = 1_000_000


class Made(Serializer):
    """Turns what was sent into the value ``makes`` describes."""

    makes: ClassVar[Any]

    def to_internal_value(self, data: Any) -> Any:
        return self.makes(**super().to_internal_value(data))


class Visible(serializers.PrimaryKeyRelatedField):
    """A document of which the key is sent: one the actor may see, or nothing."""

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["request"].actor)


class Supplier(serializers.PrimaryKeyRelatedField):
    """The key of an organisation that supplies."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Organisation.objects.suppliers(), **options)


class CurrencyCode(serializers.CharField):
    """An ISO 4217 code in use."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=3, max_length=3, **options)

    def to_internal_value(self, data: Any) -> str:
        code = str(super().to_internal_value(data))
        try:
            return currency(code).code
        except UnknownCurrency as unknown:
            raise serializers.ValidationError(str(unknown), code="unknown-currency") from None


class LineNumber(serializers.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_NUMBER, **options)


class LineInput(Made):
    """What lines of all documents have in common; without a number they are counted from one."""

    number = LineNumber(required=False)
    item = serializers.CharField(max_length=500)
    code = serializers.CharField(max_length=60, required=False, allow_blank=True)
    product = serializers.UUIDField(source="product_id", required=False, allow_null=True)
    quantity = DecimalField(**QUANTITY)
    unit = serializers.CharField(max_length=3, help_text="UN/ECE Rec 20 code.")


class Lines(serializers.ListSerializer):
    """Numbers the lines that have no number by their place."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, list):
            return super().to_internal_value(data)
        return super().to_internal_value(
            [{"number": place, **row} if isinstance(row, dict) else row for place, row in enumerate(data, 1)]
        )


class BuyerOnly:
    """Mixed in before a serializer: columns that are the buying side's own affair, and null for everybody else."""

    buyer_only: ClassVar[tuple[str, ...]] = ()

    def withheld(self, instance: Any) -> tuple[str, ...]:
        return () if self._is_buyers(instance) else self.buyer_only

    def _is_buyers(self, instance: Any) -> bool:
        context: dict[str, Any] = self.context  # type: ignore[attr-defined]
        actor = context["request"].actor
        buyer_id = context.get("buyer_id") or instance.buyer_id
        return bool(oversees(actor)) or actor.organisation_id == buyer_id
