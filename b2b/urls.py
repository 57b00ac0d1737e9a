"""The root of all addresses; the kernel's own endpoints among them."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from rest_framework.routers import SimpleRouter

from b2b.api.attachments import AttachmentViewSet
from b2b.api.jobs import JobViewSet
from b2b.api.me import MyMembershipViewSet
from b2b.api.members import MemberViewSet
from b2b.api.notifications import NotificationViewSet
from b2b.api.organisations import OrganisationViewSet
from b2b.api.tokens import TokenViewSet


def routes(router: SimpleRouter) -> None:
    """Offer the kernel's own endpoints under /api/v1/."""
    router.register("attachments", AttachmentViewSet, basename="attachment")
    router.register("jobs", JobViewSet, basename="job")
    router.register("me/memberships", MyMembershipViewSet, basename="my-membership")
    router.register("members", MemberViewSet, basename="member")
    router.register("notifications", NotificationViewSet, basename="notification")
    router.register("organisations", OrganisationViewSet, basename="organisation")
    router.register("tokens", TokenViewSet, basename="token")


urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("b2b.api.urls")),
]

handler400 = "b2b.api.pages.bad_request"
handler403 = "b2b.api.pages.permission_denied"
handler404 = "b2b.api.pages.not_found"
handler500 = "b2b.api.pages.server_error"
