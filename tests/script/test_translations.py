"""The check that every string has its Chinese."""

from __future__ import annotations

import pytest

from hanse import translations
from hanse.catalogues import catalogue_of

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "suppliers"
    (folder / "templates").mkdir(parents=True)
    return folder


def catalogue(app, text: str) -> None:
    file = catalogue_of(app)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER + text)


def faults(app) -> list[str]:
    return [fault.partition("'")[2] for fault in translations.faults_of(app)]


def test_a_translated_string_has_no_fault(app):
    (app / "models.py").write_text('name = _("Supplier")\n')
    catalogue(app, 'msgid "Supplier"\nmsgstr "供应商"\n')

    assert faults(app) == []


def test_a_string_that_nobody_translated_is_named_with_its_place(app):
    (app / "models.py").write_text('\nname = gettext("Supplier")\n')

    (fault,) = translations.faults_of(app)

    assert fault == f"suppliers: 'Supplier' ({app / 'models.py'}:2) is not in its catalogue"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('msgid "Until %(day)s"\nmsgstr ""\n', "has no translation"),
        ('#, fuzzy\nmsgid "Until %(day)s"\nmsgstr "至 %(day)s"\n', "is marked fuzzy, so Django does not show it"),
        ('msgid "Until %(day)s"\nmsgstr "至 %(date)s"\n', "has other placeholders in '至 %(date)s'"),
        ('msgid "Until %(day)s"\nmsgstr "至"\n', "has other placeholders in '至'"),
    ],
)
def test_a_translation_that_would_not_do_is_named(app, entry, reason):
    (app / "workflow.py").write_text('label = _("Until %(day)s")\n')
    catalogue(app, entry)

    (fault,) = translations.faults_of(app)

    assert fault.endswith(reason)


def test_the_one_chinese_form_follows_the_plural(app):
    (app / "tasks.py").write_text('ngettext("one line", "%(count)s lines", 2)\n')
    catalogue(app, 'msgid "one line"\nmsgid_plural "%(count)s lines"\nmsgstr[0] "%(count)s 行"\n')

    assert faults(app) == []


def test_templates_are_read_too(app):
    (app / "templates" / "mail.html").write_text(
        '{% load i18n %}\n  <p title=\'"\'>{% translate "Hello" %}\n'
        "{% blocktranslate %}Until {{ day }}{% endblocktranslate %}</p>"
    )

    assert sorted(message.id for message in translations.strings(app) if message.id) == ["Hello", "Until %(day)s"]


def test_the_same_string_translated_differently_in_two_apps_is_refused(tmp_path):
    for name, chinese in (("credit", "未结"), ("quotations", "打开")):
        catalogue(tmp_path / name, f'msgid "Open"\nmsgstr "{chinese}"\n')

    (fault,) = translations.contradictions([tmp_path / "credit", tmp_path / "quotations"])

    assert fault.startswith("'Open' is '未结' in credit and '打开' in quotations")


def test_a_context_tells_two_meanings_apart(tmp_path):
    catalogue(tmp_path / "credit", 'msgctxt "account"\nmsgid "Open"\nmsgstr "未结"\n')
    catalogue(tmp_path / "quotations", 'msgid "Open"\nmsgstr "打开"\n')

    assert list(translations.contradictions([tmp_path / "credit", tmp_path / "quotations"])) == []


def test_an_update_adds_what_is_missing_and_keeps_what_is_there(app, monkeypatch):
    monkeypatch.setattr(translations, "ROOT", app.parent)
    (app / "models.py").write_text('_("Supplier"); _("Product")\n')
    catalogue(app, 'msgid "Supplier"\nmsgstr "供应商"\n\nmsgid "Gone"\nmsgstr "没了"\n')

    translations.update(app)

    assert faults(app) == ["Product' (suppliers/models.py:1) has no translation"]
    written = catalogue_of(app).read_text()
    assert 'msgid "Supplier"\nmsgstr "供应商"' in written
    assert '#~ msgid "Gone"' in written
