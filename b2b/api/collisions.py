"""What PostgreSQL's own refusals mean to a client (codes: PostgreSQL manual, appendix A)."""

from __future__ import annotations

import logging

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext

from b2b.api import refusals
from b2b.errors import DomainError, Invalid

log = logging.getLogger(__name__)

NOT_NULL, CHECK = "23502", "23514"
FIRST_COME = frozenset({"23001", "23503", "23505", "23P01"})
"""restrict, foreign key, unique, exclusion: someone else's row was there first, or is gone."""
LATER = frozenset({"40001", "40P01", "55P03"})
"""serialization failure, deadlock, lock not available: the same request may well succeed now."""
OUT_OF_RANGE = "22"
GONE = frozenset({"", "57P01", "57P02", "57P03", "53300"})
"""no answer, shut down, crashed, starting up, too many connections."""


def database_refusal(error: DatabaseError | InterfaceError) -> DomainError | None:
    """The refusal a database error means; ``None`` for what is a fault of ours, such as broken SQL."""
    code = sqlstate(error)
    if code in LATER:
        return refusals.Busy()
    if code in FIRST_COME or code == CHECK:
        log.warning("The database refused: %s %s", code, constraint(error))
        return refusals.Collision(_in_words(constraint(error)))
    if code.startswith(OUT_OF_RANGE):
        return Invalid(gettext("A value is out of range."))
    if isinstance(error, OperationalError | InterfaceError) and code in GONE:
        return refusals.Unavailable()
    return None


def sqlstate(error: Exception) -> str:
    """The five letters PostgreSQL gave, or nothing when the connection itself failed."""
    return getattr(error.__cause__, "pgcode", None) or ""


def constraint(error: Exception) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _in_words(name: str) -> str:
    """Constraints are named by what they promise; the name is the best explanation there is."""
    return gettext("The database keeps this promise: %(constraint)s.") % {"constraint": name} if name else ""
