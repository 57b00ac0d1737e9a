"""What happens around every request: its id and log line, its size, its reader's language."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from functools import cache
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import uuid4

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.handlers.wsgi import LimitedStream
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext

from b2b import logs
from b2b.api import headers
from b2b.api.collisions import database_refusal
from b2b.api.problems import problem
from b2b.api.refusals import BodyTooLarge, LengthRequired, Malformed, Refusal

GetResponse = Callable[[HttpRequest], HttpResponse]

access = logging.getLogger("hanse.access")

SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
KEPT_IN_MEMORY_BYTES = 1024 * 1024
CHUNK_BYTES = 64 * 1024


class RequestIdMiddleware:
    """Takes over a sane ``X-Request-ID`` or draws one, gives it back, and writes the access log's line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get(headers.REQUEST_ID, "")
        token = logs.request_id.set(sent if SANE_ID.fullmatch(sent) else uuid4().hex)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response[headers.REQUEST_ID] = logs.request_id.get()
            access.info("%s %s", request.method, route(request), extra=told(request, response, began))
        finally:
            logs.request_id.reset(token)
        return response


def route(request: HttpRequest) -> str:
    """The path's template: no ids, no query, nothing personal."""
    return f"/{request.resolver_match.route}" if request.resolver_match else "(no route)"


def told(request: HttpRequest, response: HttpResponse, began: float) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - began) * 1000, 1),
        "problem": getattr(response, "problem_code", None),
        "user_id": str(actor.user_id) if actor else None,
        "organisation_id": str(actor.organisation_id) if actor else None,
    }


class ContentPolicyMiddleware(CSPMiddleware):
    """Puts the policy of an answer that asks for none of its own together once."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_usual = not getattr(request, "_csp_nonce", None) and not any(
            name.startswith("_csp") for name in vars(response)
        )
        if settings.DEBUG or not is_usual:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _usual_policy())
        return response


@cache
def _usual_policy() -> str:
    return build_policy()


TABLES = "/api/v1/uploads/"
"""Where tables are sent to: they are read as a stream, so that they may be larger than other files."""


class BodyLimitMiddleware:
    """Refuses a body that is too large before reading it, and one of unknown length while counting it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            require_bounded(request)
        except Refusal as refusal:
            return problem(refusal)
        return self.get_response(request)


def require_bounded(request: HttpRequest) -> None:
    """Raise ``BodyTooLarge`` or ``LengthRequired``; give a chunked body its length."""
    limit = limit_bytes(request)
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        _measure(request, limit)
    elif _declared_bytes(request) > limit:
        raise BodyTooLarge(limit)


def _declared_bytes(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    if not (text.isascii() and text.isdecimal()):
        raise Malformed(gettext("Content-Length is a number."))
    return int(text)


def limit_bytes(request: HttpRequest) -> int:
    if not (request.content_type or "").startswith("multipart/"):
        return int(settings.API_BODY_LIMIT_BYTES)
    is_table = request.path.startswith(TABLES)
    return int(settings.SHEET_LIMIT_BYTES if is_table else settings.UPLOAD_LIMIT_BYTES)


def _measure(request: HttpRequest, limit: int) -> None:
    """Copy a chunked body aside, up to the limit: Django reads only what has a length."""
    if not request.META.get("wsgi.input_terminated"):
        raise LengthRequired
    aside: Any = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY_BYTES)  # noqa: SIM115  — closed with the request
    size = 0
    while chunk := request.META["wsgi.input"].read(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(limit)
        aside.write(chunk)
    aside.seek(0)
    request.META["CONTENT_LENGTH"] = str(size)
    request._stream = LimitedStream(aside, size)  # type: ignore[assignment]  # noqa: SLF001  — there is no other door


class UserLanguageMiddleware:
    """A person's own choice of language comes before the browser's.

    It is the first to need the database, so it is the one to say when that is gone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            language = getattr(request.user, "language", "")
        except (OperationalError, InterfaceError) as error:
            if refusal := database_refusal(error):
                return problem(refusal)
            raise
        if language:
            translation.activate(language)
        return self.get_response(request)
