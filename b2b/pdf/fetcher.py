"""The only way a document being drawn reaches anything: our packaged assets, and pictures inside the document."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

ASSETS = Path(__file__).resolve().parent / "assets"
BASE_URL = "http://assets.invalid/"
"""Where relative addresses lead. ``.invalid`` is reserved (RFC 2606): no resolver would ever answer for it."""
PICTURES = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/svg+xml")
LONGEST_ADDRESS = 100


class Outside(FatalURLFetchingError):  # type: ignore[misc]  # WeasyPrint has no types
    """An address we do not follow. It stops the drawing: a document without its picture is another document."""


class PackagedOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Gives the files of ``assets`` by their exact names, and decodes pictures in ``data:`` addresses."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)
        files = (path for path in ASSETS.rglob("*") if path.is_file())
        self.refused = ""
        """The first address refused: WeasyPrint passes over what goes wrong inside an SVG picture."""
        self._assets = {BASE_URL + path.relative_to(ASSETS).as_posix(): path for path in files}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:  # WeasyPrint's response
        if url.casefold().startswith(PICTURES):
            return super().fetch(url, headers)
        path = self._assets.get(url)
        if path is None:
            self.refused = self.refused or url[:LONGEST_ADDRESS]
            raise Outside(url)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
