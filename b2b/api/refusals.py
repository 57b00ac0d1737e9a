"""How HTTP itself says no, beside the refusals of the rules (``b2b.errors``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError, Invalid, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Mapping

RETRY_SOON = {"Retry-After": "1"}


class Refusal(DomainError):
    """A refusal that may need headers of its own."""

    headers: Mapping[str, str] = {}


class Malformed(Refusal):
    status, code, title = 400, "malformed", _("The request cannot be read.")


class NotSignedIn(Refusal):
    status, code, title = 401, "not-signed-in", _("Sign in first.")


class CsrfFailed(Refusal):
    status, code, title = 403, "csrf-failed", _("The request did not come from our own pages.")


class NoOrganisation(NotAllowed):
    code, title = "no-organisation", _("You do not act for this organisation.")


class ScopeMissing(NotAllowed):
    code, title = "scope-missing", _("The token may not do this.")


class MethodNotAllowed(Refusal):
    status, code, title = 405, "method-not-allowed", _("This address does not take that method.")


class NotAcceptable(Refusal):
    status, code, title = 406, "not-acceptable", _("The answer is not available in that media type.")


class Collision(Refusal):
    """Another request was first, or a constraint of the database had the last word."""

    code, title = "collision", _("Somebody else was faster.")
    headers = RETRY_SOON


class Busy(Refusal):
    """Two transactions stood in each other's way and the database ended this one."""

    code, title = "busy", _("Others are changing the same thing. Try again.")
    headers = RETRY_SOON


class RequestInProgress(Refusal):
    code, title = "request-in-progress", _("The first request with this key is still being worked on.")
    headers = RETRY_SOON


class LengthRequired(Refusal):
    status, code, title = 411, "length-required", _("The request does not say how long its body is.")


class BodyTooLarge(Refusal):
    status, code, title = 413, "body-too-large", _("The request is too large.")

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(gettext("At most %(limit)s bytes are read here.") % {"limit": limit_bytes})


class UnsupportedMediaType(Refusal):
    status, code, title = 415, "unsupported-media-type", _("The media type of the body is not read here.")


class InvalidHeader(Invalid):
    code, title = "invalid-header", _("A header is not valid.")


class KeyReused(Invalid):
    code, title = "idempotency-key-reused", _("The Idempotency-Key was used for another request.")


class VersionRequired(Refusal):
    status, code, title = 428, "version-required", _("Say which version you saw.")


class TooManyRequests(Refusal):
    status, code, title = 429, "too-many-requests", _("Too many requests.")

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(gettext("Try again in %(seconds)s seconds.") % {"seconds": wait_seconds})
        self.headers = {"Retry-After": str(wait_seconds)}


class Unexpected(Refusal):
    status, code, title = 500, "unexpected", _("Something went wrong on our side.")


class Unavailable(Refusal):
    status, code, title = 503, "unavailable", _("The platform cannot answer right now.")
    headers = {"Retry-After": "5"}
