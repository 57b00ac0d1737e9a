"""The browser that the browser tests drive: the system's own Chromium."""

from __future__ import annotations

import shutil
import sys

from hanse.system_packages import Packages

CHROMIUM = Packages(debian=("chromium",))
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC_PATH = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def found() -> str | None:
    """The path of a browser, or nothing."""
    paths = (shutil.which(name) for name in (*NAMES, MAC_PATH))
    return next((path for path in paths if path), None)


def ensure() -> None:
    """Installs one where it may; else the tests that need it are skipped, which their run says at its end."""
    if not found() and not (CHROMIUM.install() and found()):
        print(f"Browser tests will be skipped until Chromium is installed: {advice()}", file=sys.stderr)


def advice() -> str:
    return "install Google Chrome" if sys.platform == "darwin" else CHROMIUM.advice()
