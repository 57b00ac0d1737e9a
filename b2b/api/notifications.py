"""What one should know, and of what one wants to hear by mail."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from django_filters import BooleanFilter
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b.api.acting import IsSignedIn
from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.api.views import Endpoint, EndpointSet
from b2b.models import Notification, NotificationPreference
from b2b.models.notification import NotificationQuerySet
from b2b.notifications.kinds import known_kinds
from b2b.notifications.wording import Words, words


class NotificationSerializer(ShownSerializer):
    title = serializers.SerializerMethodField(help_text="In the reader's language.")
    body = serializers.SerializerMethodField(help_text="In the reader's language.")
    path = serializers.SerializerMethodField(help_text="Where in the application it leads.")

    class Meta:
        model = Notification
        fields: ClassVar = [
            "id", "kind", "title", "body", "path", "document_type", "document_id", "document_number", "created_at",
            "read_at",
        ]  # fmt: skip

    def get_title(self, notification: Notification) -> str:
        return self._words(notification).title

    def get_body(self, notification: Notification) -> str:
        return self._words(notification).body

    def get_path(self, notification: Notification) -> str:
        return self._words(notification).path

    def _words(self, notification: Notification) -> Words:
        """Found once for the three of them."""
        held = vars(notification)
        if "words" not in held:
            held["words"] = words(notification)
        return held["words"]


class NotificationFilters(FilterSet):
    unread = BooleanFilter(method="only_unread", help_text="Only what is unread, or only what was read.")

    class Meta:
        model = Notification
        fields: ClassVar = ["unread"]

    def only_unread(self, rows: QuerySet[Notification], name: str, value: Any) -> QuerySet[Notification]:
        return rows.filter(read_at__isnull=value)


class CountSerializer(serializers.Serializer):
    count = serializers.IntegerField()


class NotificationViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, EndpointSet):
    queryset = Notification.objects.all()
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilters

    def mine(self) -> NotificationQuerySet:
        return Notification.objects.visible_to(self.request.actor)

    @extend_schema(request=None, responses=NotificationSerializer, summary="Mark as read")
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: UUID) -> Response:
        self.mine().filter(pk=self.get_object().pk).mark_read()
        return Response(NotificationSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=CountSerializer, summary="Mark all as read")
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        return Response({"count": self.mine().mark_read()})

    @extend_schema(responses=CountSerializer, summary="How many are unread")
    @action(detail=False, pagination_class=None, filter_backends=[], filterset_class=None)
    def unread(self, request: Request) -> Response:
        return Response({"count": self.mine().unread().count()})


class PreferenceSerializer(serializers.Serializer):
    kind = serializers.CharField()
    title = serializers.CharField(help_text="What it is about, in the reader's language.")
    by_email = serializers.BooleanField()


class PreferenceInput(Serializer):
    kind = serializers.CharField()
    by_email = serializers.BooleanField()

    def validate_kind(self, value: str) -> str:
        if value not in {kind.name for kind in known_kinds()}:
            raise serializers.ValidationError(gettext("There is no notification of this kind."), code="unknown-kind")
        return value


class Preferences(Endpoint):
    permission_classes = [IsSignedIn]

    @extend_schema(responses=PreferenceSerializer(many=True), summary="Of what I hear by mail")
    def get(self, request: Request) -> Response:
        return Response(self._shown(request))

    @extend_schema(
        request=PreferenceInput, responses=PreferenceSerializer(many=True), summary="Choose mail for one kind"
    )
    def patch(self, request: Request) -> Response:
        sent = PreferenceInput(data=request.data)
        sent.is_valid(raise_exception=True)
        kind, by_email = sent.validated_data["kind"], sent.validated_data["by_email"]
        NotificationPreference.objects.update_or_create({"by_email": by_email}, user=request.user, kind=kind)
        return Response(self._shown(request))

    def _shown(self, request: Request) -> list[dict[str, Any]]:
        mine = NotificationPreference.objects.visible_to(request.actor)
        wishes = dict(mine.values_list("kind", "by_email"))
        return [
            {"kind": kind.name, "title": str(kind.label), "by_email": wishes.get(kind.name, kind.by_email)}
            for kind in known_kinds()
        ]
