"""One way to ask the API, over the network or within the process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from time import monotonic
from typing import Any, Protocol

from django.test import Client

API = "/api/v1"
ERRORS_FROM = 400
SILENT_SECONDS = 1.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def made(self) -> str:
        """The key of what a POST made."""
        return self.headers["Location"].rstrip("/").rpartition("/")[2]


class Door(Protocol):
    """Sends one request; what comes back may be a refusal."""

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer: ...


class Refused(Exception):
    """No benchmark measures refusals."""


@dataclass(frozen=True)
class Person:
    """Who has a personal token."""

    secret: str

    def ask(self, door: Door, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Raises ``Refused``, whatever the API refuses for."""
        sent = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json", **headers}
        answer = door.send(method, f"{API}{path}", None if body is None else json.dumps(body), sent)
        if answer.status >= ERRORS_FROM:
            raise Refused(f"{method} {path}: {answer.status} {answer.content.decode()}")
        return answer

    def get(self, door: Door, path: str) -> Any:
        return self.ask(door, "GET", path).json

    def post(self, door: Door, path: str, body: Any = None) -> Answer:
        return self.ask(door, "POST", path, body or {}, Prefer="return=minimal")

    def patch(self, door: Door, path: str, body: Any, *, seen: Answer) -> Answer:
        """Of the version that ``seen`` told of."""
        version = {"If-Match": seen.headers["ETag"]}
        return self.ask(door, "PATCH", path, body, Prefer="return=minimal", **version)


class OverNetwork:
    """One connection, kept open while it is used: the server hangs up on one that is silent for two seconds."""

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection
        self._used_at = monotonic()

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if monotonic() - self._used_at > SILENT_SECONDS:
            self._connection.close()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        self._used_at = monotonic()
        return Answer(answer.status, dict(answer.headers), answer.read())


class InProcess:
    """Without a network, so that statements can be watched."""

    def __init__(self) -> None:
        self._client = Client(headers={"Host": "127.0.0.1"})

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        answer = self._client.generic(method, path, body or "", "application/json", headers=headers)
        return Answer(answer.status_code, answer.headers, answer.content)
