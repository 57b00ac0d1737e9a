"""The migrated database that the test processes copy."""

from __future__ import annotations

import pytest

from hanse import template
from hanse.postgres.holding import held


@pytest.fixture
def migrated(monkeypatch) -> list[str]:
    """Stands for the migrations, which take longer than all tests of this file; notes each time it is asked."""
    asked = []

    def migrate(ours) -> bool:
        asked.append(ours.ensure_database(template.UNFINISHED))
        return True

    monkeypatch.setattr(template, "_migrated", migrate)
    return asked


def test_it_is_made_once_and_again_when_a_migration_changes(cluster, migrated, monkeypatch):
    with held(cluster) as ours:
        first = template.ensure_template(ours)
        assert template.ensure_template(ours) == first
        assert len(migrated) == 1

        monkeypatch.setattr(template, "digest_of_migrations", lambda _root: "changed")
        assert template.ensure_template(ours) == "template_changed"

        assert len(migrated) == 2
        with template.session(ours) as cursor:
            assert [name for name in template.databases(cursor) if "template_" in name] == ["template_changed"]


def test_what_an_interrupted_run_left_is_made_anew(cluster, migrated):
    with held(cluster) as ours:
        ours.ensure_database(template.UNFINISHED)

        assert template.ensure_template(ours).startswith(template.PREFIX)

        with template.session(ours) as cursor:
            assert template.UNFINISHED not in template.databases(cursor)


def test_a_changed_migration_and_a_changed_package_count(tmp_path):
    migrations = tmp_path / "credit" / "migrations"
    migrations.mkdir(parents=True)
    (tmp_path / "requirements.lock").write_text("django==5.2.1\n")
    (migrations / "0001_initial.py").write_text("one")
    digests = [template.digest_of_migrations(tmp_path)]

    (migrations / "0001_initial.py").write_text("two")
    digests.append(template.digest_of_migrations(tmp_path))
    (tmp_path / "requirements.lock").write_text("django==5.2.2\n")
    digests.append(template.digest_of_migrations(tmp_path))

    assert len(set(digests)) == 3
