"""Everything that answers under /api/, and the few addresses beside it."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView

from b2b.api import health, pages
from b2b.api.me import ActingOrganisation, Me
from b2b.api.notifications import Preferences
from b2b.api.routes import ByNoun, router
from b2b.api.schema_view import Schema
from b2b.api.step_inputs import StepInput

v1: list[URLPattern | URLResolver] = [
    path("schema/", Schema.as_view(), name="schema"),
    path("me/", Me.as_view(), name="me"),
    path("me/organisation/", ActingOrganisation.as_view(), name="acting-organisation"),
    path("me/notification-preferences/", Preferences.as_view(), name="notification-preferences"),
    path("step-inputs/<slug:name>/", StepInput.as_view(), name="step-input"),
    ByNoun(router().urls),
]

urlpatterns = [
    path("api/v1/", include((v1, "v1"), namespace="v1")),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="v1:schema"), name="docs"),
    re_path(r"^api/", pages.unknown_address),
    path("_allauth/", include("allauth.headless.urls")),
    re_path(r"^_allauth/", pages.unknown_address),
    path(settings.LOGIN_URL.lstrip("/"), pages.sign_in, name="sign-in"),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("problems/<slug:code>", pages.problem_page, name="problem"),
    re_path(r"^(?!static/|problems/)", pages.front_end, name="front-end"),
]
