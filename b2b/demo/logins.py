"""What to sign in with, as a table for the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from b2b.demo.cast import ORGANISATIONS, PEOPLE, Login
from b2b.demo.people import DOMAIN, PASSWORD, SECRET


def logins() -> str:
    """Every demo login worth trying, the password they share, and the secret of those that ask for a code."""
    shown = [login for login in PEOPLE if login.purpose]
    rows = [("sign in as", "", "of", "who"), *(_row(login) for login in shown)]
    return "\n".join([*_aligned(rows), "", *_notes()]) + "\n"


def _row(login: Login) -> tuple[str, str, str, str]:
    name = ORGANISATIONS[login.organisation]["name"]
    return login.mailbox, "*" if login.has_code else "", name, login.purpose


def _notes() -> Iterator[str]:
    yield f"Each is an address @{DOMAIN}, and the password of all is: {PASSWORD}"
    yield f"* asks for a one-time code as well. Put this secret into an authenticator app: {SECRET}"
    yield "  (or let script/manage load_demo --code tell the code of the moment)."
    yield "Opening quotations, paying and signing need such a code. Everybody can add one under Account."


def code_of_the_moment() -> str:
    """What an authenticator app that knows the secret shows now."""
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(SECRET, counters[len(counters) // 2])))


def _aligned(rows: list[tuple[str, str, str, str]]) -> Iterator[str]:
    widths = [max(_width(row[place]) for row in rows) for place in range(4)]
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Columns in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
