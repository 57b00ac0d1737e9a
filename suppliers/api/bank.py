"""Bank details: put forward by one person, confirmed by another."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import UUIDFilter
from rest_framework import serializers

from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.filters import FilterSet
from b2b.api.serializers import Serializer
from b2b.errors import Fault, Invalid
from b2b.policy import Actor, admin, finance
from suppliers.identifiers import NotANumber, checked_bic, checked_iban
from suppliers.models import BankAccount
from suppliers.policy import acting_organisation

SHOWN = ("supplier", "holder", "bank_name", "bic", "country", "last_digits", "usable_from")
FULL_READERS = frozenset({"finance", "admin", "compliance"})


class BankAccountRowSerializer(RowSerializer):
    class Meta:
        model = BankAccount
        fields: ClassVar = (*RowSerializer.BASE, *SHOWN)


class BankAccountSerializer(DocumentSerializer):
    account = serializers.SerializerMethodField(
        help_text="In full for finance, administrators and compliance; never in the answer to a POST."
    )

    class Meta:
        model = BankAccount
        fields: ClassVar = (*DocumentSerializer.BASE, *SHOWN, "account", "reason")

    def get_account(self, account: BankAccount) -> str:
        """Answers to POST are kept for repetition, so they carry no number in full."""
        request = self.context["request"]
        readable = request.method == "GET" and request.actor.roles & FULL_READERS
        return account.account if readable else f"…{account.last_digits}"


class BankAccountContent(Serializer):
    holder = serializers.CharField(max_length=140)
    bank_name = serializers.CharField(max_length=140, required=False, allow_blank=True, default="")
    bic = serializers.CharField(max_length=11, required=False, allow_blank=True, default="")
    country = serializers.RegexField("^[A-Z]{2}$")
    iban = serializers.CharField(max_length=60, required=False, help_text="Or else account_number.")
    account_number = serializers.RegexField("^[0-9A-Za-z][0-9A-Za-z -]{3,38}$", required=False)


class BankAccountFilters(FilterSet):
    supplier = UUIDFilter(field_name="supplier_id")

    class Meta:
        model = BankAccount
        fields: ClassVar = ["state", "supplier"]


class RetireInput(Serializer):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="", label=_("Reason"))


class BankAccountViewSet(DocumentViewSet):
    queryset = BankAccount.objects.all()
    serializer_class = BankAccountSerializer
    row_serializer_class = BankAccountRowSerializer
    content_serializer_class = BankAccountContent
    filterset_class = BankAccountFilters
    may_create = finance | admin
    inputs: ClassVar = {"refuse": ReasonInput, "retire": RetireInput}

    def build(self, validated: dict[str, Any], actor: Actor) -> BankAccount:
        number = account_number(validated.pop("iban", None), validated.pop("account_number", None))
        validated["bic"] = _bic(validated["bic"])
        account = BankAccount(supplier_id=acting_organisation(actor), **validated)
        account.account = number
        return account


def account_number(iban: str | None, number: str | None) -> str:
    """The one of the two that was sent, checked. Raises ``Invalid``."""
    if (iban is None) == (number is None):
        detail = gettext("Send either an IBAN or an account number.")
        raise Invalid(faults=[Fault("#/iban", "account-missing", detail)])
    if iban is None:
        return str(number).replace(" ", "")
    try:
        return checked_iban(iban)
    except NotANumber as failed:
        raise Invalid(faults=[Fault("#/iban", "identifier-check", str(failed))]) from None


def _bic(text: str) -> str:
    try:
        return checked_bic(text) if text else ""
    except NotANumber as failed:
        raise Invalid(faults=[Fault("#/bic", "identifier-check", str(failed))]) from None
