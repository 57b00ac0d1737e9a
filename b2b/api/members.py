"""The members of the organisation one acts for."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.response import Response

from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.api.views import EndpointSet
from b2b.models import Membership, Role
from b2b.staffing import change_membership, invite


class MemberSerializer(ShownSerializer):
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")

    class Meta:
        model = Membership
        fields: ClassVar = ["id", "user", "name", "email", "roles", "active", "created_at"]


def roles_field(**options: Any) -> serializers.MultipleChoiceField:
    return serializers.MultipleChoiceField(choices=Role.choices, **options)


class MemberContent(Serializer):
    roles = roles_field(required=False)
    active = serializers.BooleanField(required=False)


class InvitationInput(Serializer):
    email = serializers.EmailField()
    name = serializers.CharField(max_length=150, required=False, default="", allow_blank=True)
    roles = roles_field()


class MemberFilters(FilterSet):
    class Meta:
        model = Membership
        fields: ClassVar = ["active"]


class MemberViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, EndpointSet):
    queryset = Membership.objects.select_related("user")
    serializer_class = MemberSerializer
    filterset_class = MemberFilters
    ordering = "id"

    @extend_schema(request=InvitationInput, responses={201: MemberSerializer}, summary="Invite somebody")
    def create(self, request: Request) -> Response:
        """For administrators. Who has no account yet gets one, and a letter that tells how to open it."""
        sent = InvitationInput(data=request.data)
        sent.is_valid(raise_exception=True)
        facts = {**sent.validated_data, "roles": sorted(sent.validated_data["roles"])}
        return Response(MemberSerializer(invite(request.actor, **facts)).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=MemberContent, responses=MemberSerializer, summary="Change roles, or end a membership")
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """For administrators; the last one stays one."""
        sent = MemberContent(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        facts = dict(sent.validated_data)
        if "roles" in facts:
            facts["roles"] = sorted(facts["roles"])
        return Response(MemberSerializer(change_membership(pk, actor=request.actor, **facts)).data)
