"""Cut the XML of a large part into its repeated elements without parsing it, as long as that cannot go wrong.

In XML without comments, CDATA and processing instructions ``</row>`` is always the end of a row. Each element so cut
is then read by a pattern that fits it from its first byte to its last, or else by expat, which is given the part with
the other elements left out, so that it always knows where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from b2b.sandbox import MIB

LONGEST_ELEMENT = 16 * MIB
MOST_AREAS = 200_000
"""Merged areas of one table that are kept."""
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\b([^<>?]*)\?>)?\s*")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")
_PREFIX = re.compile(rb"<((?:[A-Za-z_][A-Za-z0-9_.-]*:)?)[A-Za-z]")
_ASCII_COMPATIBLE = (b"", b"utf-8", b"utf8", b"us-ascii", b"ascii")


@dataclass(frozen=True, slots=True)
class Run:
    """Elements in a row, each without its end tag, which is ``end``; what stands before the first is its beginning."""

    elements: list[bytes]
    end: bytes
    prefix: bytes


def runs(chunks: Iterable[bytes], tag: bytes) -> Iterator[Run | bytes]:
    """The part in runs of elements, and in pieces that only a parser may judge."""
    rest = b""
    prefix: bytes | None = None
    plain = True
    for chunk in chunks:
        rest = rest + chunk if rest else chunk
        if plain and prefix is None:
            start, prefix = _opening(rest)
            plain, rest = start >= 0, rest[max(start, 0) :]
        if not plain or _is_devious(rest) or prefix is None or len(rest) > LONGEST_ELEMENT:
            plain = False
            yield rest
            rest = b""
            continue
        end = b"</%b%b>" % (prefix, tag)
        cut = rest.rfind(end) + len(end)
        if cut >= len(end):
            yield Run(rest[:cut].split(end)[:-1], end, prefix)
            rest = rest[cut:]
    yield rest


def _opening(data: bytes) -> tuple[int, bytes | None]:
    """Where the XML begins behind its declaration, and its prefix; -1 where it is not in UTF-8 or begins otherwise."""
    found = _DECLARATION.match(data)
    assert found is not None  # noqa: S101 — the pattern fits the empty text too
    encoding = _ENCODING.search(found[1] or b"")
    root = _PREFIX.match(data, found.end())
    if root is None or (encoding[1].lower() if encoding else b"") not in _ASCII_COMPATIBLE:
        return -1, None
    return found.end(), root[1]


def _is_devious(data: bytes) -> bool:
    """Whether a comment, CDATA or a processing instruction may be in it. One byte is found faster than two."""
    return (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data)
