"""A real browser, the product behind it, and a worker that does what its pages wait for."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from b2b import jobs
from b2b.models import Job, Organisation, User
from tests.factories.b2b import MembershipFactory

ROOT = Path(settings.BASE_DIR)
sys.path.insert(0, str(ROOT / "script"))

from hanse import browser as system_browser  # noqa: E402

WAITS_MILLISECONDS = 15_000
expect.set_options(timeout=WAITS_MILLISECONDS)
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_NO_SANDBOX = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    found = system_browser.found()
    if found is None:
        pytest.skip(f"there is no Chromium here; {system_browser.advice()}")
    if not (ROOT / "frontend" / "dist" / "index.html").is_file():
        pytest.skip("the front end is not built; script/setup --dev builds it")
    return {"executable_path": found, "args": [*_NO_SANDBOX, "--disable-dev-shm-usage"]}


@pytest.fixture(autouse=True, scope="session")
def _driver_in_this_thread() -> None:
    """The browser's driver keeps a loop in the thread of the tests, where Django else forbids its database.

    It stays until the process ends, so the permission does too.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def language() -> str:
    """The browser's; a test in Chinese says otherwise."""
    return "en-GB"


@pytest.fixture
def browser_context_args(language: str) -> dict[str, Any]:
    return {"locale": language, "viewport": {"width": 1440, "height": 900}, "accept_downloads": True}


@pytest.fixture
def errors(page: Page) -> list[str]:
    """What went wrong in the page itself; looked at when the test is over."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def opened(page: Page, live_server: Any, errors: list[str], language: str) -> Iterator[Callable[..., Page]]:
    """Open a path as a member of an organisation with just these roles; the page must end without an error."""
    page.set_default_timeout(WAITS_MILLISECONDS)
    chosen = "zh-hans" if language == "zh-CN" else ""

    def open_it(path: str, organisation: Organisation, *roles: str) -> Page:
        user = MembershipFactory(organisation=organisation, roles=list(roles), user__language=chosen).user
        page.context.add_cookies([{"name": "sessionid", "value": _session(user), "url": live_server.url}])
        page.goto(live_server.url + path)
        return page

    yield open_it
    assert errors == []


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.session.session_key


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Somebody who does every job as it comes, for as long as the test lasts."""
    end, failures = threading.Event(), []

    def work() -> None:
        try:
            while not end.wait(0.05):
                for job in Job.objects.without_worker().order_by("id"):
                    jobs.work(job.pk)
        except BaseException as failure:  # noqa: BLE001 — told where the test can see it
            failures.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    end.set()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert failures == []


AT_REST = """() => document.getAnimations().every(
    one => one.playState !== "running" || one.effect.getComputedTiming().iterations === Infinity)"""
"""What is half faded out has colours nobody chose."""


@pytest.fixture
def findings(page: Page) -> Callable[[], list[str]]:
    """What axe finds wrong with the page as it stands, where it is serious or critical."""

    def look() -> list[str]:
        page.wait_for_function(AT_REST)
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{page.url} {one['id']}: {node['target']} {node['failureSummary']}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]

    return look
