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
from b2b.texts import CONTROLS, as_seen

STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
SUSPECT = re.compile(rb"\\u|\\[bfr]|\x7f|[\xc2\xe1\xe2\xef]")
"""Escapes, and first bytes of the characters that ``storable`` looks for; most bodies hold none of them."""
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
        return storable(value) if SUSPECT.search(body) else value


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


def storable(value: Any) -> Any:
    """The value with its texts as they are seen.

    Raises ``Invalid`` naming every text that no column, no file and no spreadsheet can hold.
    """
    if faults := list(_unstorable(value, BODY)):
        raise Invalid(faults=faults)
    return _as_seen(value)


def _unstorable(value: Any, pointer: str) -> Iterator[Fault]:
    match value:
        case str():
            yield from _text_fault(value, pointer)
        case dict():
            for key, inner in value.items():
                yield from _text_fault(key, pointer)
                yield from _unstorable(inner, below(pointer, key))
        case list():
            for index, inner in enumerate(value):
                yield from _unstorable(inner, below(pointer, index))


def _text_fault(text: str, pointer: str) -> Iterator[Fault]:
    if UNSTORABLE.search(text):
        detail = gettext("Text may hold neither NUL nor half a surrogate pair.")
        yield Fault(pointer, "unstorable-character", detail)
    elif CONTROLS.search(text):
        detail = gettext("The text holds invisible control characters. Type it again.")
        yield Fault(pointer, "unstorable-character", detail)


def _as_seen(value: Any) -> Any:
    match value:
        case str():
            return as_seen(value)
        case dict():
            return {key: _as_seen(inner) for key, inner in value.items()}
        case list():
            return [_as_seen(inner) for inner in value]
    return value
