"""Jobs: how far they are, and stopping or repeating them."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b import jobs
from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import ShownSerializer
from b2b.api.views import EndpointSet
from b2b.models import Job


class JobSerializer(ShownSerializer):
    class Meta:
        model = Job
        fields: ClassVar = [
            "id", "kind", "state", "done_count", "total_count", "message", "result", "error", "cancel_requested",
            "created_by", "created_at", "started_at", "ended_at",
        ]  # fmt: skip


class JobFilters(FilterSet):
    class Meta:
        model = Job
        fields: ClassVar = ["state", "kind"]


class JobViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, EndpointSet):
    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_class = JobFilters

    @extend_schema(request=None, responses=JobSerializer, summary="Stop it")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """A queued job ends now, a running one at its next sign of life."""
        return Response(JobSerializer(jobs.cancel(pk, actor=request.actor)).data)

    @extend_schema(request=None, responses=JobSerializer, summary="Try it again")
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: UUID) -> Response:
        """A failed or cancelled job goes on from its last checkpoint."""
        return Response(JobSerializer(jobs.retry(pk, actor=request.actor)).data)
