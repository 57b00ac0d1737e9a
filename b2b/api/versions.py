"""``ETag`` and ``If-Match``: a writer says which version was seen.

The tag is the document's version, ``"v3"``. It guards writes and is no cache validator: the steps
an answer offers depend on who reads it and when. PATCH must carry it; a step may, since a step
taken on a stale page is refused by the state anyway unless the version is what matters.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext
from rest_framework.request import Request

from b2b.api import headers
from b2b.api.pointers import header
from b2b.api.refusals import InvalidHeader, VersionRequired
from b2b.errors import Fault
from b2b.workflow import Document

TAG = re.compile(r'"v(\d{1,9})"')


def tag(document: Document) -> str:
    return f'"v{document.version}"'


def expected_version(request: Request) -> int | None:
    """The version ``If-Match`` names, ``None`` without the header. Raises ``InvalidHeader``."""
    text = request.headers.get(headers.MATCH)
    if text is None:
        return None
    named = TAG.fullmatch(text.strip())
    if named is None:
        detail = gettext("Send the ETag of the version you saw, such as %(example)s.") % {"example": '"v3"'}
        raise InvalidHeader(faults=[Fault(header(headers.MATCH), "invalid", detail)])
    return int(named[1])


def required_version(request: Request) -> int:
    """Like ``expected_version``, for writes that must name one. Raises ``VersionRequired``."""
    version = expected_version(request)
    if version is None:
        raise VersionRequired(gettext("Send the ETag of the version you saw in If-Match."))
    return version
