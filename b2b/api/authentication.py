"""Who signed in: a browser by session cookie and CSRF token, a machine by personal token."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from b2b.api.refusals import CsrfFailed
from b2b.models import PersonalToken, User

SCHEME = "bearer"


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer hanse_…``. One query finds token, person and roles."""

    def authenticate(self, request: Request) -> tuple[User, PersonalToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        token = PersonalToken.objects.presented(secret.strip())
        if token is None:
            raise AuthenticationFailed(gettext("The token is unknown, expired or revoked."))
        token.note_use()
        if token.user.language:
            translation.activate(token.user.language)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="hanse"'


class BrowserAuthentication(authentication.SessionAuthentication):
    """The session cookie, with the CSRF token in its header on every unsafe method."""

    def enforce_csrf(self, request: Request) -> None:
        check = authentication.CSRFCheck(_nothing)
        check.process_request(request)
        if reason := check.process_view(request, _nothing, (), {}):
            raise CsrfFailed(str(reason))


def _nothing(request: Any) -> Any:
    """CSRFCheck is a middleware and wants something to wrap."""
