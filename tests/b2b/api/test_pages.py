"""The few addresses beside the API: the front end's shell, health, the admin site, and what went wrong."""

from __future__ import annotations

import logging
import sys

import pytest
from django.contrib import admin
from django.db import DatabaseError, IntegrityError, OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import RequestFactory
from django.utils.translation import override

from b2b.admin import ReadOnlyAdmin
from b2b.api import pages
from b2b.celery import app
from b2b.journal import sign_checkpoint
from b2b.logs import Formatter
from b2b.models import JournalEntry
from b2b.workflow.document import documents
from tests.factories.b2b import MembershipFactory, UserFactory
from tests.factories.sample import MemoFactory

pytestmark = pytest.mark.django_db


class TestFrontEnd:
    @pytest.fixture
    def built(self, settings, tmp_path):
        settings.FRONTEND_DIST = tmp_path
        (tmp_path / "index.html").write_text("<!doctype html><title>Hanse</title>")

    @pytest.mark.parametrize("path", ["/", "/rfqs", "/rfqs/17/lines", "/account/login"])
    def test_every_page_of_it_is_the_shell(self, client, built, path):
        answer = client.get(path)

        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-cache")
        assert b"<title>Hanse</title>" in answer.content
        assert "csrftoken" in answer.cookies

    @pytest.mark.parametrize("path", ["/api/nothing", "/static/nothing.js", "/problems/nothing", "/_allauth/nothing"])
    def test_other_addresses_are_not_taken_for_pages(self, client, built, path):
        assert client.get(path).status_code == 404

    def test_who_is_signed_in_goes_on_from_the_sign_in_page_to_where_they_were_going(self, client, built):
        path = "/account/login?next="

        assert client.get(path + "/admin/").status_code == 200
        client.force_login(UserFactory())
        assert client.get(path + "/admin/")["Location"] == "/admin/"
        for foreign in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
            assert client.get(path + foreign).status_code == 200

    def test_before_it_is_built_a_page_says_how(self, client, settings, tmp_path):
        settings.FRONTEND_DIST = tmp_path / "nothing"

        answer = client.get("/", headers={"Accept-Language": "zh-CN"})

        assert answer.status_code == 503
        assert "script/server" in answer.content.decode()
        assert "界面尚未构建" in answer.content.decode()

    def test_it_is_only_read(self, client, built):
        assert client.post("/").status_code in {403, 405}


class TestHealth:
    def test_the_process_lives_without_asking_anybody(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert client.get("/healthz").json() == {"status": "alive"}

    def test_it_is_ready_when_all_is_there(self, client):
        assert client.get("/readyz").json() == {"status": "ready"}

    def test_waiting_migrations_are_told(self, client, monkeypatch):
        monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [1, 2])

        answer = client.get("/readyz")

        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
        assert answer.json()["errors"][0]["detail"] == "2 migrations are not applied yet."

    def test_a_database_that_is_gone_is_told(self, client, monkeypatch):
        def gone(self, targets):
            raise OperationalError("server closed the connection")

        monkeypatch.setattr(MigrationExecutor, "migration_plan", gone)

        assert client.get("/readyz").json()["errors"][0]["code"] == "database-unreachable"

    def test_a_broker_that_is_gone_is_told(self, client, monkeypatch):
        def gone(**options):
            raise ConnectionRefusedError

        monkeypatch.setattr(app, "connection_for_write", gone)

        assert client.get("/readyz").json()["errors"][0]["code"] == "broker-unreachable"


class TestRefusals:
    def refused(self, error, path="/rfqs", accept="text/html"):
        """What is answered while an exception is being handled outside the API."""
        request = RequestFactory().get(path, headers={"Accept": accept})
        try:
            raise error
        except (DatabaseError, RuntimeError):
            return pages.server_error(request)

    def test_people_get_a_page_and_machines_the_problem(self):
        page = self.refused(RuntimeError("swordfish"))
        problem = self.refused(RuntimeError("swordfish"), accept="application/json")

        assert (page.status_code, page["Content-Type"]) == (500, "text/html; charset=utf-8")
        assert "/problems/unexpected" in page.content.decode()
        assert (problem.status_code, problem["Content-Type"]) == (500, "application/problem+json")
        assert b"swordfish" not in page.content + problem.content

    def test_a_database_that_went_away_is_no_fault_of_ours(self):
        answer = self.refused(OperationalError("server closed the connection"), path="/_allauth/browser/v1/config")

        assert (answer.status_code, answer["Retry-After"]) == (503, "5")

    def test_the_page_speaks_the_readers_language(self):
        with override("zh-hans"):
            assert "这是什么意思" in self.refused(RuntimeError()).content.decode()


def test_a_logged_exception_does_not_quote_the_row_it_is_about():
    known = UserFactory()
    try:
        UserFactory(email=known.email)
    except IntegrityError:
        record = logging.LogRecord("b2b", logging.ERROR, __file__, 1, "Failed.", None, sys.exc_info())

    told = Formatter("%(message)s").format(record)

    assert "user_email_unique" in told
    assert known.email not in told


class TestAdmin:
    @pytest.fixture
    def staff(self, client):
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
        return client

    def test_who_is_not_signed_in_is_sent_where_everybody_signs_in(self, client):
        answer = client.get("/admin/", follow=True)

        assert answer.redirect_chain[-1][0] == "/account/login?next=/admin/"

    def test_it_has_no_door_of_its_own(self, client):
        UserFactory(email="staff@example.com", password="correct horse battery", is_staff=True)

        answer = client.post("/admin/login/", {"username": "staff@example.com", "password": "correct horse battery"})

        assert answer.status_code == 302
        assert "_auth_user_id" not in client.session

    def test_who_is_no_staff_stays_outside(self, client):
        client.force_login(MembershipFactory().user)

        answer = client.get("/admin/", follow=True)

        assert answer.status_code == 403

    def test_staff_look_at_the_journal_and_change_nothing(self, staff):
        MemoFactory()
        entry = JournalEntry.objects.get()
        path = f"/admin/b2b/journalentry/{entry.pk}/"

        assert staff.get("/admin/b2b/journalentry/").status_code == 200
        assert staff.get(path + "change/").status_code == 200
        for forbidden in ("change/", "delete/"):
            assert staff.post(path + forbidden, {"step": "forged"}).status_code == 403
        assert staff.get("/admin/b2b/journalentry/add/").status_code == 403
        assert JournalEntry.objects.values_list("step", flat=True).get() == "create"

    def test_every_registered_page_opens(self, staff):
        MembershipFactory()
        MemoFactory()
        sign_checkpoint()

        for model in admin.site._registry:
            path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            assert staff.get(path).status_code == 200, path
            for row in model._default_manager.all()[:1]:
                assert staff.get(f"{path}{row.pk}/change/").status_code == 200, path

    def test_every_document_in_it_is_read_only(self):
        registered = [model for model in documents() if admin.site.is_registered(model)]

        assert all(isinstance(admin.site.get_model_admin(model), ReadOnlyAdmin) for model in registered)
        assert isinstance(admin.site.get_model_admin(JournalEntry), ReadOnlyAdmin)
