"""Load the demo data, once; or tell what to sign in with."""

from __future__ import annotations

import gc
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from b2b.demo.loading import is_loaded, load_everything
from b2b.demo.logins import code_of_the_moment, logins


class Command(BaseCommand):
    help = "Load demo organisations, people, catalogues and documents in every state. A second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print what to sign in with")
        parser.add_argument("--code", action="store_true", help="only print the one-time code of the moment")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self.stdout.write(logins(), ending="")
        elif options["code"]:
            self.stdout.write(code_of_the_moment())
        elif is_loaded():
            self.stdout.write("The demo data are there already.")
        else:
            self._load()

    def _load(self) -> None:
        self.stdout.write("Loading the demo data …")
        self.stdout.flush()
        begun = monotonic()
        # All it makes it keeps: looking for garbage costs a tenth of the time and finds none.
        gc.disable()
        load_everything()
        gc.enable()
        self.stdout.write(f"The demo data are loaded ({monotonic() - begun:.0f} s).")
