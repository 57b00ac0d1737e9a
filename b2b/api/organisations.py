"""Organisations: registering one's own, and finding one's partners by name."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import available_timezones

import pycountry
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django_filters import BooleanFilter, CharFilter
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.response import Response

from b2b.api.acting import HasActor, IsSignedIn
from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import ModelSerializer, ShownSerializer
from b2b.api.views import EndpointSet
from b2b.currency import UnknownCurrency, currency
from b2b.errors import NotAllowed
from b2b.models import Organisation
from b2b.registration import register_organisation
from b2b.staffing import require_administrator


class OrganisationRowSerializer(ShownSerializer):
    class Meta:
        model = Organisation
        fields: ClassVar = ["id", "name", "native_name", "is_buyer", "is_supplier", "is_platform", "country"]


class OrganisationSerializer(ShownSerializer):
    class Meta:
        model = Organisation
        fields: ClassVar = [*OrganisationRowSerializer.Meta.fields, "currency", "language", "time_zone", "address"]


class OrganisationContent(ModelSerializer):
    """What an organisation says of itself and may change later."""

    language = serializers.ChoiceField(choices=settings.LANGUAGES, default="en")

    class Meta:
        model = Organisation
        fields: ClassVar = ["name", "native_name", "language", "time_zone", "address"]

    def validate_time_zone(self, value: str) -> str:
        if value not in available_timezones():
            detail = gettext("“%(name)s” is not a time zone of the IANA database.") % {"name": value}
            raise serializers.ValidationError(detail, code="unknown-time-zone")
        return value


class RegistrationInput(OrganisationContent):
    """What stays as it was registered: the sides, the country, the currency."""

    class Meta:
        model = Organisation
        fields: ClassVar = [*OrganisationContent.Meta.fields, "is_buyer", "is_supplier", "country", "currency"]

    def validate_country(self, value: str) -> str:
        if pycountry.countries.get(alpha_2=value) is None or not value.isupper():
            detail = gettext("“%(code)s” is not an ISO 3166-1 alpha-2 code.") % {"code": value}
            raise serializers.ValidationError(detail, code="unknown-country")
        return value

    def validate_currency(self, value: str) -> str:
        try:
            return currency(value).code
        except UnknownCurrency as error:
            raise serializers.ValidationError(str(error), code="unknown-currency") from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs.get("is_buyer") or attrs.get("is_supplier")):
            raise serializers.ValidationError(gettext("An organisation buys, supplies, or both."), code="no-side")
        return attrs


class OrganisationFilters(FilterSet):
    name = CharFilter(method="named", help_text="Part of the name, in either script.")
    is_buyer = BooleanFilter()
    is_supplier = BooleanFilter()

    class Meta:
        model = Organisation
        fields: ClassVar = ["name", "is_buyer", "is_supplier"]

    def named(self, organisations: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        return organisations.filter(Q(name__icontains=value) | Q(native_name__icontains=value))


class OrganisationViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, EndpointSet):
    queryset = Organisation.objects.all()
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilters
    ordering_fields = ("name",)
    ordering = "name"

    def get_permissions(self) -> list[Any]:
        return [IsSignedIn()] if self.action == "create" else [HasActor()]

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return OrganisationRowSerializer if self.action == "list" else OrganisationSerializer

    @extend_schema(
        request=RegistrationInput, responses={201: OrganisationSerializer}, summary="Register my organisation"
    )
    def create(self, request: Request) -> Response:
        """For a person with a verified e-mail address and no organisation yet, who becomes its administrator."""
        sent = RegistrationInput(data=request.data)
        sent.is_valid(raise_exception=True)
        membership = register_organisation(request.user.pk, **sent.validated_data)
        shown = OrganisationSerializer(membership.organisation).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(request=OrganisationContent, responses=OrganisationSerializer, summary="Change my organisation")
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """For its administrators."""
        organisation = self.get_object()
        if organisation.pk != request.actor.organisation_id:
            raise NotAllowed
        require_administrator(request.actor)
        sent = OrganisationContent(organisation, data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        sent.save()
        return Response(OrganisationSerializer(organisation).data)
