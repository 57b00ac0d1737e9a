"""Reading JSON without trusting it: bounded depth, no NaN, no duplicate names, no decimals through floats."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from b2b.api.pointers import BODY, below
from b2b.api.rendering import JSONRenderer
from b2b.errors import Fault, Invalid

STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
SUSPECT_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL and lone surrogates: valid in JSON, in no text column."""


class JSONParser(parsers.BaseParser):
    """Refuses what is malformed with 400. Numbers with a fraction or exponent arrive as their text, exactly."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read()
        require_shallow(body)
        value = _loads(body)
        if SUSPECT_ESCAPE.search(body):
            require_storable(value)
        return value


def require_shallow(body: bytes) -> None:
    """Raise unless brackets nest at most ``JSON_DEPTH_LIMIT`` deep, without recursion and in linear time.

    Every pass removes the innermost pairs; what so many passes leave is nested deeper, or unbalanced.
    """
    brackets = STRINGS.sub(b"", body).translate(None, NOT_BRACKETS)
    for _pass in range(settings.JSON_DEPTH_LIMIT):
        if len(brackets) <= settings.JSON_DEPTH_LIMIT:
            return
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    if brackets:
        raise ParseError(
            gettext("The JSON is nested more than %(limit)s deep, or its brackets do not match.")
            % {"limit": settings.JSON_DEPTH_LIMIT}
        )


def _loads(body: bytes) -> Any:
    try:
        return json.loads(
            body.decode("utf-8"), parse_float=str, parse_constant=_no_constant, object_pairs_hook=_each_name_once
        )
    except UnicodeDecodeError as error:
        raise ParseError(gettext("The body is not UTF-8 at byte %(position)s.") % {"position": error.start}) from None
    except json.JSONDecodeError as error:
        raise ParseError(
            gettext("The body is not JSON at line %(line)s, column %(column)s.")
            % {"line": error.lineno, "column": error.colno}
        ) from None
    except ValueError as error:
        # Python's own limit on the digits of an integer.
        raise ParseError(gettext("A number in the body is too long.")) from error


def _no_constant(name: str) -> None:
    raise ParseError(gettext("“%(name)s” is not JSON.") % {"name": name})


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two members of one name mean different things to different readers (RFC 8259 §4)."""
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ParseError(gettext("An object in the body names a member twice."))
    return value


def require_storable(value: Any) -> None:
    """Raise ``Invalid`` naming every text that holds a NUL or half a surrogate pair."""
    detail = gettext("Text may hold neither NUL nor half a surrogate pair.")
    if pointers := list(_unstorable(value, BODY)):
        raise Invalid(faults=[Fault(pointer, "unstorable-character", detail) for pointer in pointers])


def _unstorable(value: Any, pointer: str) -> Iterator[str]:
    match value:
        case str():
            if UNSTORABLE.search(value):
                yield pointer
        case dict():
            for key, inner in value.items():
                if UNSTORABLE.search(key):
                    yield pointer
                yield from _unstorable(inner, below(pointer, key))
        case list():
            for index, inner in enumerate(value):
                yield from _unstorable(inner, below(pointer, index))
