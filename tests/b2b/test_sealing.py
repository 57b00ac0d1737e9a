"""What is sealed is readable with the keys only, and unchanged or not at all."""

from __future__ import annotations

import string

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection, models
from hypothesis import given
from hypothesis import strategies as st

from b2b.sealing import SealBroken, SealedTextField, reseal, seal, unseal, unseal_text

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@given(st.binary())
def test_what_is_sealed_comes_back_as_it_was(data):
    assert unseal(seal(data)) == data


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_text_comes_back_as_text_in_any_script(text):
    assert unseal_text(seal(text)) == text


def test_a_token_shows_nothing_and_never_repeats():
    first, second = seal("12.345678"), seal("12.345678")

    assert first != second
    assert b"12.345678" not in first


BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
TOKEN_LETTERS = 96
"""Version, time, vector, one block of ciphertext and the signature: 73 bytes, 97 letters and a bit."""


@given(place=st.integers(0, TOKEN_LETTERS - 1), shift=st.integers(1, 63))
def test_a_token_changed_anywhere_is_refused(place, shift):
    token = seal("12.345678").decode()
    other = BASE64[(BASE64.index(token[place]) + shift) % 64]

    with pytest.raises(SealBroken):
        unseal(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("rubbish", [b"", b"gAAAA", "schön", b"\x00" * 80, memoryview(b"nothing")])
def test_rubbish_is_refused_like_a_changed_token(rubbish):
    with pytest.raises(SealBroken):
        unseal(rubbish)


def test_a_memory_view_as_the_database_gives_it_is_opened():
    assert unseal(memoryview(seal("price"))) == b"price"


def test_after_rotation_old_tokens_open_until_the_old_key_goes(settings):
    settings.FIELD_KEYS = [OLD]
    token = seal("price")

    settings.FIELD_KEYS = [NEW, OLD]
    assert unseal(token) == b"price"
    renewed = reseal(token)

    settings.FIELD_KEYS = [NEW]
    assert unseal(renewed) == b"price"
    with pytest.raises(SealBroken):
        unseal(token)
    with pytest.raises(SealBroken):
        reseal(token)


def test_without_keys_development_derives_one_from_the_secret(settings):
    settings.FIELD_KEYS, settings.SECRET_KEY = [], "one"
    token = seal("price")
    settings.SECRET_KEY = "another"

    with pytest.raises(SealBroken):
        unseal(token)


class BankDetails(models.Model):
    """Shows the field; its table lives for one test."""

    iban = SealedTextField(null=True)

    class Meta:
        app_label = "sample"


@pytest.fixture
def bank_details(db):
    with connection.schema_editor() as editor:
        editor.create_model(BankDetails)
    return BankDetails.objects


def test_a_sealed_field_is_plain_in_python_and_a_token_in_the_database(bank_details):
    made = bank_details.create(iban="DE02120300000000202051")

    with connection.cursor() as cursor:
        cursor.execute("SELECT iban FROM sample_bankdetails")
        (stored,) = cursor.fetchone()
    assert "DE02" not in stored
    assert unseal_text(stored) == "DE02120300000000202051"
    assert bank_details.get(pk=made.pk).iban == "DE02120300000000202051"
    assert list(bank_details.values_list("iban", flat=True)) == ["DE02120300000000202051"]


def test_a_sealed_field_may_be_empty_and_asked_for_emptiness_only(bank_details):
    bank_details.create(iban=None)
    bank_details.create(iban="")

    assert bank_details.filter(iban__isnull=True).count() == 1
    assert bank_details.get(iban__isnull=False).iban == ""
    for lookup in ("iban", "iban__startswith", "iban__gt", "iban__in"):
        with pytest.raises(FieldError):
            bank_details.filter(**{lookup: "DE"}).exists()
