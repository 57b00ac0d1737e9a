"""Whether ``schema.yml`` still says what the API does; ``--update`` writes it anew."""

from __future__ import annotations

import argparse
import difflib
import io
import os
from itertools import islice

import django
from django.core.management import call_command

from hanse.places import ROOT

FILE = ROOT / "schema.yml"
DIFFERENCE_LINES_MAX = 60


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b2b.settings")
    django.setup()
    current = io.StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=current)
    if options.update:
        FILE.write_text(current.getvalue())
    return show_difference(FILE.read_text(), current.getvalue())


def show_difference(checked_in: str, current: str) -> int:
    lines = difflib.unified_diff(
        checked_in.splitlines(), current.splitlines(), "schema.yml", "what the API does", lineterm=""
    )
    shown = list(islice(lines, DIFFERENCE_LINES_MAX))
    if shown:
        print(*shown, "If that is meant: script/check --update schema", sep="\n")
    return 1 if shown else 0
