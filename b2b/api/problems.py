"""RFC 9457 problem documents: the one shape in which the API says no."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelInvalid
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from rest_framework import exceptions
from rest_framework.request import Request

from b2b import logs
from b2b.api import media_types, refusals
from b2b.api.collisions import database_refusal
from b2b.api.pointers import BODY, below, faults_in
from b2b.errors import DomainError, Fault, Invalid, NotAllowed, NotFound

log = logging.getLogger(__name__)


def problem_response(error: Exception, context: dict[str, Any]) -> JsonResponse:
    """The REST framework's exception handler: an answer to everything, without details of our own faults."""
    refusal = refusal_of(error)
    if refusal is None:
        return unexpected(context["request"])
    if "auth_header" in vars(error):
        return problem(refusal, {"WWW-Authenticate": vars(error)["auth_header"]})
    return problem(refusal)


def problem(error: DomainError, headers: dict[str, str] | None = None) -> JsonResponse:
    """The document that says what ``error`` says, in the active language."""
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": str(error.title),
        "status": error.status,
        "request_id": logs.request_id.get(),
    }
    if error.detail and error.detail != str(error.title):
        body["detail"] = error.detail
    if error.faults:
        body["errors"] = [
            {"pointer": fault.pointer, "code": fault.code, "detail": str(fault.detail)} for fault in error.faults
        ]
    told = {**getattr(error, "headers", {}), **(headers or {}), "Cache-Control": "no-store"}
    response = JsonResponse(
        body,
        status=error.status,
        content_type=media_types.PROBLEM,
        headers=told,
        json_dumps_params={"ensure_ascii": False},
    )
    vars(response).update(problem_code=error.code, _has_been_logged=True)  # the access log says it all
    return response


def unexpected(request: Request | HttpRequest) -> JsonResponse:
    """Log the exception being handled, tell Django's listeners, and admit to nothing but its request id."""
    log.error("An unexpected exception.", exc_info=sys.exc_info())
    got_request_exception.send(sender=None, request=request)
    return problem(refusals.Unexpected())


def refusal_of(error: Exception) -> DomainError | None:
    """The refusal an exception means, or ``None`` when it is a fault of ours."""
    if isinstance(error, DomainError):
        return error
    return next((meaning(error) for kinds, meaning in MEANINGS if isinstance(error, kinds)), None)


def _model_faults(error: ModelInvalid) -> list[Fault]:
    """What ``full_clean`` found, by field."""
    by_field = error.update_error_dict({})
    return [
        Fault(BODY if name == NON_FIELD_ERRORS else below(BODY, name), str(inner.code or "invalid"), message)
        for name, inners in by_field.items()
        for inner in inners
        for message in inner.messages
    ]


MEANINGS: tuple[tuple[Any, Callable[[Any], DomainError | None]], ...] = (
    (exceptions.ValidationError, lambda error: Invalid(faults=faults_in(error.detail))),
    (ModelInvalid, lambda error: Invalid(faults=_model_faults(error))),
    ((Http404, exceptions.NotFound), lambda error: NotFound()),
    ((PermissionDenied, exceptions.PermissionDenied), lambda error: NotAllowed()),
    (exceptions.NotAuthenticated, lambda error: refusals.NotSignedIn()),
    (exceptions.AuthenticationFailed, lambda error: refusals.NotSignedIn(str(error.detail))),
    (exceptions.ParseError, lambda error: refusals.Malformed(str(error.detail))),
    (exceptions.MethodNotAllowed, lambda error: refusals.MethodNotAllowed(str(error.detail))),
    (exceptions.NotAcceptable, lambda error: refusals.NotAcceptable(str(error.detail))),
    (exceptions.UnsupportedMediaType, lambda error: refusals.UnsupportedMediaType(str(error.detail))),
    (exceptions.Throttled, lambda error: refusals.TooManyRequests(int(error.wait or 1))),
    (RequestDataTooBig, lambda error: refusals.BodyTooLarge(settings.API_BODY_LIMIT_BYTES)),
    ((SuspiciousOperation, UnreadablePostError), lambda error: refusals.Malformed()),
    ((DatabaseError, InterfaceError), database_refusal),
)
"""The first that fits counts."""
