"""What the scripts fill in for a machine where nobody has set anything."""

from __future__ import annotations

import base64

import pytest
from cryptography.fernet import Fernet

from hanse import python_packages
from hanse.environment import environment as variables
from hanse.environment import kept_secrets
from hanse.refusal import Refusal

URL = "postgres://postgres@/hanse?host=/somewhere"


def test_secrets_are_made_once_and_readable_by_nobody_else(home):
    first = kept_secrets(home.secrets)

    assert kept_secrets(home.secrets) == first
    assert home.secrets.stat().st_mode & 0o777 == 0o600
    assert len(base64.b64decode(first["JOURNAL_SIGNING_KEY"])) == 32
    assert len(first["SECRET_KEY"]) >= 50
    assert Fernet(first["FIELD_KEYS"]).decrypt(Fernet(first["FIELD_KEYS"]).encrypt(b"price")) == b"price"


def test_a_secret_that_is_missing_is_added_and_the_others_stay(home):
    first = kept_secrets(home.secrets)
    home.secrets.write_text(f"FIELD_KEYS={first['FIELD_KEYS']}\n")

    second = kept_secrets(home.secrets)

    assert second["FIELD_KEYS"] == first["FIELD_KEYS"]
    assert second["SECRET_KEY"] != first["SECRET_KEY"]


def test_of_two_secrets_made_at_the_same_time_everybody_takes_the_first(home):
    kept_secrets(home.secrets)
    first = kept_secrets(home.secrets)["SECRET_KEY"]
    with home.secrets.open("a") as lines:
        lines.write("SECRET_KEY=of-the-slower-process\n")

    assert kept_secrets(home.secrets)["SECRET_KEY"] == first


def test_what_the_caller_sets_wins(home, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "the caller's")
    monkeypatch.setenv("SITE_URL", "https://hanse.example")

    found = variables(home, URL, SITE_URL="http://127.0.0.1:8000")

    assert found["SECRET_KEY"] == "the caller's"
    assert found["SITE_URL"] == "https://hanse.example"
    assert found["DATABASE_URL"] == URL
    assert found["VAR_DIR"] == str(home.path)


def test_an_environment_without_pip_or_venv_is_refused_with_the_name_of_the_package(monkeypatch):
    monkeypatch.setattr(python_packages, "succeeds", lambda _command: False)
    monkeypatch.setattr(python_packages, "_base_python", lambda: "/usr/bin/python3")
    monkeypatch.setattr("hanse.system_packages.succeeds", lambda _command: False)
    monkeypatch.setattr("hanse.system_packages.os.geteuid", lambda: 1000)
    monkeypatch.setattr("hanse.system_packages.shutil.which", lambda name: f"/usr/bin/{name}")

    with pytest.raises(Refusal, match=r"sudo apt-get install python3\.\d+-venv$"):
        python_packages.ensure_environment(python_packages.Installed("", "", ""))
