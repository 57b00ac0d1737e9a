"""The set-up: it does what is missing, and nothing twice."""

from __future__ import annotations

import os
import subprocess
import time

import pytest

from hanse import catalogues, frontend, node, system_libraries
from hanse.locks import exclusive, is_held
from hanse.system_packages import Packages
from tests.script.conftest import ROOT

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Supplier"
msgstr "供应商"
"""


@pytest.mark.parametrize(
    ("version", "good"),
    [("v22.12.0", True), ("v24.1.0", True), ("v20.19.2", True), ("v20.18.0", False), ("v21.7.3", False)],
)
def test_node_is_new_enough_for_the_front_end_or_not(version, good):
    assert node.new_enough(f"{version}\n") is good


def test_no_node_at_all_is_not_new_enough():
    assert not node.machine_has_node(path="/nowhere")


def test_the_front_end_is_built_again_when_a_source_changed_and_not_when_the_build_did(tmp_path):
    source = tmp_path / "src" / "main.tsx"
    source.parent.mkdir()
    source.write_text("one")
    before = frontend.digest_of(tmp_path)

    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "main.js").write_text("built")
    assert frontend.digest_of(tmp_path) == before

    source.write_text("two")
    assert frontend.digest_of(tmp_path) != before


def test_a_changed_catalogue_is_compiled_and_an_unchanged_one_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "apps", lambda: [tmp_path])
    source = catalogues.catalogue_of(tmp_path)
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE)
    assert catalogues.stale() == [source]

    catalogues.main([])

    assert catalogues.stale() == []
    assert "供应商".encode() in source.with_suffix(".mo").read_bytes()
    os.utime(source, ns=(time.time_ns() + 10**9,) * 2)
    assert catalogues.stale() == [source]


def test_pango_and_a_chinese_font_are_found_where_pdfs_can_be_made():
    assert system_libraries.pango_loads()
    assert system_libraries.chinese_font_found()


def test_what_may_not_be_installed_is_named(monkeypatch, capsys):
    monkeypatch.setattr(system_libraries, "pango_loads", lambda: False)
    monkeypatch.setattr(Packages, "install", lambda _packages: False)
    monkeypatch.setattr("hanse.system_packages.sys.platform", "linux")
    monkeypatch.setattr("hanse.system_packages.shutil.which", lambda name: f"/usr/bin/{name}")

    system_libraries.ensure()

    assert capsys.readouterr().err == (
        "PDF documents cannot be made until Pango is installed: "
        "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0\n"
    )


def test_a_lock_ends_with_its_holder(tmp_path):
    lock = tmp_path / "setup.lock"

    with exclusive(lock):
        assert is_held(lock)

    assert not is_held(lock)


def test_a_machine_without_a_python_that_will_do_is_told_so(tmp_path):
    """In a clone whose interpreter is gone, with nothing but an old Python to be found."""
    clone = tmp_path / "script"
    clone.mkdir()
    (clone / "setup").write_text((ROOT / "script" / "setup").read_text().replace(" /usr/bin/python3", " nowhere"))
    for name in ("dirname",):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    done = subprocess.run(
        ["/bin/sh", str(clone / "setup")], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr == "Hanse needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python3.\n"
