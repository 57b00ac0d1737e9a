"""Oneself: account, memberships, and the organisation one acts for."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.response import Response

from b2b.api.acting import CHOSEN, IsSignedIn
from b2b.api.organisations import OrganisationRowSerializer
from b2b.api.requests import Request
from b2b.api.serializers import ModelSerializer, Serializer, ShownSerializer
from b2b.api.views import Endpoint, EndpointSet
from b2b.errors import NotAllowed
from b2b.models import Membership, Organisation, User


class MeSerializer(ShownSerializer):
    second_factor = serializers.SerializerMethodField(help_text="Whether this session was opened with one.")
    organisation = serializers.SerializerMethodField(help_text="The one acted for; null before there is one.")
    roles = serializers.SerializerMethodField(help_text="Held in that organisation.")
    scopes = serializers.SerializerMethodField(help_text="Of the token; null in a browser.")

    class Meta:
        model = User
        fields: ClassVar = [
            "id",
            "email",
            "name",
            "language",
            "is_staff",
            "second_factor",
            "organisation",
            "roles",
            "scopes",
        ]

    def get_second_factor(self, user: User) -> bool:
        return self.context["request"].actor.second_factor

    def get_organisation(self, user: User) -> UUID | None:
        return self.context["request"].actor.organisation_id

    def get_roles(self, user: User) -> list[str]:
        return sorted(self.context["request"].actor.roles)

    def get_scopes(self, user: User) -> list[str] | None:
        scopes = self.context["request"].actor.scopes
        return None if scopes is None else sorted(scopes)


class MyContent(ModelSerializer):
    language = serializers.ChoiceField(choices=settings.LANGUAGES, allow_blank=True)

    class Meta:
        model = User
        fields: ClassVar = ["name", "language"]


class Me(Endpoint):
    permission_classes = [IsSignedIn]

    @extend_schema(responses=MeSerializer, summary="Who I am here", operation_id="me_retrieve")
    def get(self, request: Request) -> Response:
        """Also sets the CSRF cookie a browser needs for its first write."""
        get_token(request._request)  # noqa: SLF001  — Django's own request carries the cookie
        return Response(self._shown(request))

    @extend_schema(request=MyContent, responses=MeSerializer, summary="Change my name or language")
    def patch(self, request: Request) -> Response:
        sent = MyContent(request.user, data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        sent.save()
        if request.user.language:
            translation.activate(request.user.language)
        return Response(self._shown(request))

    def _shown(self, request: Request) -> dict[str, Any]:
        return MeSerializer(request.user, context={"request": request}).data


class ChoiceInput(Serializer):
    organisation = serializers.UUIDField()


class ActingOrganisation(Endpoint):
    permission_classes = [IsSignedIn]

    @extend_schema(
        request=ChoiceInput,
        responses=OrganisationRowSerializer,
        summary="Choose the organisation I act for when X-Organisation does not say",
        operation_id="me_act_for",
    )
    def post(self, request: Request) -> Response:
        """Kept in the session; a token acts for its own organisation only."""
        if request.auth is not None:
            raise NotAllowed(gettext("A token acts for its own organisation only."))
        sent = ChoiceInput(data=request.data)
        sent.is_valid(raise_exception=True)
        mine = Organisation.objects.filter(memberships__user=request.user, memberships__active=True)
        organisation = get_object_or_404(mine, pk=sent.validated_data["organisation"])
        request.session[CHOSEN] = str(organisation.pk)
        return Response(OrganisationRowSerializer(organisation).data)


class MyMembershipSerializer(ShownSerializer):
    organisation = OrganisationRowSerializer()

    class Meta:
        model = Membership
        fields: ClassVar = ["id", "organisation", "roles", "created_at"]


class MyMembershipViewSet(mixins.ListModelMixin, EndpointSet):
    """The organisations I work for."""

    permission_classes = [IsSignedIn]
    queryset = Membership.objects.filter(active=True).select_related("organisation")
    serializer_class = MyMembershipSerializer

    def get_queryset(self) -> QuerySet[Membership]:
        return self.queryset.filter(user=self.request.user)
