"""``script/check``: a line for each check, and the words of those that fail."""

from __future__ import annotations

import os
import sys

import pytest

from hanse import check, schema
from hanse.check import Check


def test_each_check_has_its_line_and_a_failure_its_words(capsys):
    good = Check("lint", (sys.executable, "-c", "print('fine')"))
    bad = Check("types", (sys.executable, "-c", "import sys; print('line 3: no'); sys.exit(1)"))

    outcomes = check.run_all([good, bad], os.environ)

    assert [(outcome.check.name, outcome.passed) for outcome in outcomes] == [("lint", True), ("types", False)]
    assert outcomes[1].words == "line 3: no\n"
    lines = sorted(capsys.readouterr().out.splitlines())
    assert [line.split()[:2] for line in lines] == [["lint", "ok"], ["types", "FAILED"]]


def test_a_check_that_does_not_exist_is_refused_with_the_names_of_those_that_do(capsys):
    with pytest.raises(SystemExit):
        check.main(["typos"])

    assert "there is no check typos; there are types, frontend, schema" in capsys.readouterr().err


def test_a_changed_schema_is_shown(capsys):
    assert schema.show_difference("a: 1\nb: 2\n", "a: 1\nb: 2\n") == 0
    assert schema.show_difference("a: 1\nb: 2\n", "a: 1\nb: 3\n") == 1

    said = capsys.readouterr().out
    assert "-b: 2\n+b: 3\n" in said
    assert "script/check --update schema" in said
