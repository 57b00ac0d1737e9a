"""Registration numbers, checked as their registers say, with a sentence about the check that failed.

The checks are python-stdnum's: format, length, parts and check digits. Whether the register really
gave the number out is not known from the number.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_lazy
from stdnum import bic, ean, get_cc_module, lei
from stdnum import iban as iban_standard
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.us import ein

from suppliers.models.profile import Register

GLN_DIGITS = 13
DUNS_DIGITS = 9
LONGEST = 60


NO_NUMBER = gettext_lazy("This only fills its place. Give the item a number of its own.")
"""Of an item whose number is “-” or “n/a”."""


class NotANumber(ValueError):
    """The sentence says which check failed."""


def checked(scheme: str, text: str, *, country: str = "") -> str:
    """The number in its compact form. ``country`` (ISO 3166-1) is needed for VAT numbers only.

    Raises ``NotANumber``.
    """
    if len(text) > LONGEST:
        raise NotANumber(gettext("The number is too long."))
    return _CHECKS[Register(scheme)](text, country)


def checked_gtin(text: str) -> str:
    """An article number by GS1: 8, 12, 13 or 14 digits with a check digit. Raises ``NotANumber``."""
    return _by_standard(ean, text, "GTIN")


def checked_iban(text: str) -> str:
    """An account number by ISO 13616. Raises ``NotANumber``."""
    return _by_standard(iban_standard, text, "IBAN")


def checked_bic(text: str) -> str:
    """A bank's code by ISO 9362. Raises ``NotANumber``."""
    return _by_standard(bic, text, "BIC")


def _vat(text: str, country: str) -> str:
    module = get_cc_module(country.lower(), "vat") if country else None
    if module is None:
        said = gettext("We do not know how VAT numbers of the country “%(country)s” are built.")
        raise NotANumber(said % {"country": country})
    return _by_standard(module, text, gettext("VAT number of %(country)s") % {"country": country})


def _uscc(text: str, country: str) -> str:
    return _by_standard(uscc, text, gettext("Unified Social Credit Code"))


def _lei(text: str, country: str) -> str:
    return _by_standard(lei, text, "LEI")


def _ein(text: str, country: str) -> str:
    return _by_standard(ein, text, "EIN")


def _gln(text: str, country: str) -> str:
    number = _by_standard(ean, text, "GLN")
    if len(number) != GLN_DIGITS:
        raise NotANumber(gettext("A GLN has 13 digits."))
    return number


def _duns(text: str, country: str) -> str:
    """Dun & Bradstreet dropped the check digit in 2006; nine digits are all that can be checked."""
    number = text.replace("-", "").replace(" ", "")
    if len(number) != DUNS_DIGITS or not (number.isascii() and number.isdecimal()):
        raise NotANumber(gettext("A D-U-N-S number has 9 digits."))
    return number


_CHECKS = {
    Register.VAT: _vat,
    Register.USCC: _uscc,
    Register.LEI: _lei,
    Register.GLN: _gln,
    Register.DUNS: _duns,
    Register.EIN: _ein,
}


def _by_standard(module: Any, text: str, name: str) -> str:
    try:
        return str(module.validate(text))
    except ValidationError as failed:
        raise NotANumber(_sentence(failed, name)) from None


def _sentence(failed: ValidationError, name: str) -> str:
    said = {"name": name}
    if isinstance(failed, InvalidLength):
        return gettext("%(name)s: it has the wrong number of characters.") % said
    if isinstance(failed, InvalidFormat):
        return gettext("%(name)s: it has characters or a form such numbers do not have.") % said
    if isinstance(failed, InvalidChecksum):
        return gettext("%(name)s: the check digit does not fit; one of the characters is wrong.") % said
    if isinstance(failed, InvalidComponent):
        return gettext("%(name)s: one of its parts, such as a region or a register, does not exist.") % said
    return gettext("%(name)s: it is not valid.") % said
