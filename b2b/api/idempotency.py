"""``Idempotency-Key``: the first answer is given again, and the work is not done again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import APIView

from b2b import answers
from b2b.api import headers
from b2b.api.pointers import header
from b2b.api.refusals import InvalidHeader, KeyReused, RequestInProgress
from b2b.api.rendering import JSONRenderer
from b2b.api.requests import Request
from b2b.errors import DomainError, Fault
from b2b.models.answer import Answer

KEY = re.compile(r"[\x21-\x7e]{1,255}")
KEPT_HEADERS = ("ETag", "Location")
FORGOTTEN = frozenset({400, 401, 406, 413, 415, 422, 428, 429})
"""Answers about the request itself: it is to be corrected and sent again under the same key."""
REFUSALS = (DomainError, APIException, Http404, PermissionDenied)


class Once(APIView):
    """Does a POST that carries a key once, in one transaction with the record of its answer."""

    post: Callable[..., Any]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """As the framework does it, but ours."""
        return Request(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and headers.KEY in request.headers:
            self.post = partial(self._once, self.post, key_of(request))

    def _once(self, work: Callable[..., Any], key: str, request: Request, *args: Any, **kwargs: Any) -> Any:
        question = answers.Question(request.user.pk, request.actor.organisation_id, key, fingerprint(request))
        with transaction.atomic():
            answer, ours = _claimed(question)
            if not ours:
                return replay(answer, question)
            response = self._attempt(work, request, *args, **kwargs)
            if response.status_code in FORGOTTEN:
                answers.give_back(answer)
            else:
                self._keep(answer, response)
        return response

    def _attempt(self, work: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
        """Do the work, or undo it and answer why not. Anything but a refusal undoes the claim as well."""
        try:
            with transaction.atomic():
                return work(request, *args, **kwargs)
        except REFUSALS as refusal:
            return self.handle_exception(refusal)

    def _keep(self, answer: Answer, response: Any) -> None:
        if isinstance(response, Response):
            media_type, body = JSONRenderer.media_type, JSONRenderer().render(self.kept(response.data))
        else:
            media_type, body = response["Content-Type"], response.content
        kept = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
        answers.keep(answer, status=response.status_code, headers={**kept, "Content-Type": media_type}, body=body)

    def kept(self, data: Any) -> Any:
        """What of an answer may be kept to be given again."""
        return data


def key_of(request: Request) -> str:
    key = request.headers[headers.KEY]
    if KEY.fullmatch(key) is None:
        detail = gettext("Between 1 and 255 visible ASCII characters.")
        raise InvalidHeader(faults=[Fault(header(headers.KEY), "invalid", detail)])
    return key


def _claimed(question: answers.Question) -> tuple[Answer, bool]:
    try:
        return answers.claim(question)
    except answers.InProgress:
        raise RequestInProgress from None


def replay(answer: Answer, question: answers.Question) -> HttpResponse:
    """The first answer again. Raises ``KeyReused`` when it answered something else."""
    if answer.request != question.request:
        raise KeyReused
    response = HttpResponse(bytes(answer.body), status=answer.status, headers=answer.headers)
    response[headers.REPLAYED] = "true"
    return response


def fingerprint(request: Request) -> str:
    """SHA-256 of method, path with query, and content; of a form its values, not its boundary."""
    said = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for piece in _content(request):
        said.update(len(piece).to_bytes(8))
        said.update(piece)
    return said.hexdigest()


def _content(request: Request) -> Iterable[bytes]:
    if not request.content_type.startswith("multipart/"):
        yield request.body
        return
    form: Any = request.data
    for name, values in sorted(form.lists()):
        for value in values:
            yield name.encode()
            yield from _value(value)


def _value(value: str | UploadedFile) -> Iterable[bytes]:
    if isinstance(value, str):
        yield value.encode()
        return
    yield (value.name or "").encode()
    yield from value.chunks()
    value.seek(0)
