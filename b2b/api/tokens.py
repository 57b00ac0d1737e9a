"""Personal API tokens: made in a browser, told once, revoked at any time."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b.api.requests import Request
from b2b.api.scopes import every_scope
from b2b.api.serializers import Serializer, ShownSerializer, text
from b2b.api.views import EndpointSet
from b2b.errors import NotAllowed
from b2b.models import PersonalToken


class TokenSerializer(ShownSerializer):
    class Meta:
        model = PersonalToken
        fields: ClassVar = [
            "id", "name", "prefix", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at",
        ]  # fmt: skip


class NewTokenSerializer(TokenSerializer):
    """A token as it is shown this once."""

    secret = text("hanse_…", allow_null=True, help_text="Told this once. Null in a repeated answer.")

    class Meta(TokenSerializer.Meta):
        fields: ClassVar = [*TokenSerializer.Meta.fields, "secret"]


class TokenInput(Serializer):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(child=serializers.CharField(max_length=40), allow_empty=False, max_length=40)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def validate_scopes(self, value: list[str]) -> list[str]:
        if unknown := sorted(set(value) - set(every_scope())):
            detail = gettext("Unknown: %(unknown)s. There are: %(known)s.")
            facts = {"unknown": ", ".join(unknown), "known": ", ".join(every_scope())}
            raise serializers.ValidationError(detail % facts, code="unknown-scope")
        return sorted(set(value))

    def validate_expires_at(self, value: Any) -> Any:
        if value is not None and value <= timezone.now():
            raise serializers.ValidationError(gettext("This lies in the past."), code="in-the-past")
        return value


class TokenViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, EndpointSet):
    queryset = PersonalToken.objects.all()
    serializer_class = TokenSerializer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        super().initial(request, *args, **kwargs)
        if request.auth is not None:
            raise NotAllowed(gettext("Tokens are managed in a browser, never by a token."))

    @extend_schema(request=TokenInput, responses={201: NewTokenSerializer}, summary="Make a token")
    def create(self, request: Request) -> Response:
        """The secret is told in this answer and never again."""
        sent = TokenInput(data=request.data)
        sent.is_valid(raise_exception=True)
        token = PersonalToken(user=request.user, **sent.validated_data)
        token.organisation_id = request.actor.organisation_id
        secret = token.draw_secret()
        token.save()
        return Response({**TokenSerializer(token).data, "secret": secret}, status=status.HTTP_201_CREATED)

    def kept(self, data: Any) -> Any:
        """A secret stands nowhere, not even in the answer that is kept for a repeated request."""
        return {**data, "secret": None} if "secret" in data else data

    @extend_schema(request=None, responses=TokenSerializer, summary="Revoke a token")
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: UUID) -> Response:
        token = self.get_object()
        token.revoke(timezone.now())
        return Response(TokenSerializer(token).data)
