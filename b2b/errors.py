"""Every way the platform says no. Apps subclass these beside the rule that raises them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was sent: where (a JSON pointer, or a cell), which rule, and why."""

    pointer: str
    code: str
    detail: str


class DomainError(Exception):
    """A rule said no. Never a bug: rendered as a problem document, logged at INFO."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "conflict"
    title: ClassVar[str | Promise] = _("The request conflicts with the current state.")

    def __init__(self, detail: str = "", *, faults: Iterable[Fault] = ()) -> None:
        super().__init__(detail or str(self.title))
        self.detail = detail
        self.faults = tuple(faults)


class NotAllowed(DomainError):
    status, code, title = 403, "not-allowed", _("You may not do this.")


class NotFound(DomainError):
    status, code, title = 404, "not-found", _("There is nothing here for you.")


class WrongState(DomainError):
    code, title = "wrong-state", _("The document is not in a state that allows this.")


class Blocked(DomainError):
    """Carries one fault for everything that stands in the way, never only the first."""

    code, title = "blocked", _("The document is not ready for this.")


class StaleVersion(DomainError):
    status, code, title = 412, "stale-version", _("Somebody changed this since you read it.")


class Invalid(DomainError):
    status, code, title = 422, "invalid", _("What you sent is not valid.")
