"""Everything that answers under /api/, and the pages beside it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from b2b.api.me import ActingOrganisation, Me
from b2b.api.routes import router

v1: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(api_version="v1"), name="schema"),
    path("me/", Me.as_view(), name="me"),
    path("me/organisation/", ActingOrganisation.as_view(), name="acting-organisation"),
    path("", include(router().urls)),
]

urlpatterns = [
    path("api/v1/", include((v1, "v1"), namespace="v1")),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="v1:schema"), name="docs"),
    path("_allauth/", include("allauth.headless.urls")),
]
