"""Everything a fresh clone lacks, in the order in which one needs the other; no work when all is there.

Runs under any Python from 3.11 on, before a single package is installed: only the standard library here.
"""

from __future__ import annotations

import argparse

from hanse import browser, catalogues, frontend, python_packages, system_libraries
from hanse.commands import run
from hanse.locks import exclusive
from hanse.places import hanse, product_home


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/setup", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    options = parser.parse_args(arguments)
    with exclusive(product_home().lock("setup"), waiting="Waiting for another set-up of this clone …"):
        prepare = python_packages.ensure_development if options.dev else python_packages.ensure_runtime
        prepare()
        system_libraries.ensure()
        if options.dev:
            browser.ensure()
        compile_translations()
        frontend.ensure()
    return 0


def compile_translations() -> None:
    if catalogues.stale():
        run(hanse("catalogues"), refusal="A translation file could not be read:")
