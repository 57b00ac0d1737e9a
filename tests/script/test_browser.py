"""``script/setup --dev`` looks after the browser that the browser tests drive."""

from __future__ import annotations

from hanse import browser


def test_the_browser_that_is_there_is_taken(monkeypatch):
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/opt/{name}" if name == "google-chrome" else None)
    assert browser.found() == "/opt/google-chrome"


def test_where_none_can_be_installed_it_is_said_how(monkeypatch, capsys):
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    monkeypatch.setattr(browser.Packages, "install", lambda self: False)
    browser.ensure()
    assert "Browser tests will be skipped until Chromium is installed" in capsys.readouterr().err
