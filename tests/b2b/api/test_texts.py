"""Texts come in as they are seen: no character nobody sees, none that a spreadsheet cannot hold."""

from __future__ import annotations

import json

import pytest

from tests.sample.models import Memo

pytestmark = pytest.mark.django_db
MEMOS = "/api/v1/memos/"


def send(api, text: str):
    return api.post(MEMOS, json.dumps({"text": text}, ensure_ascii=False), content_type="application/json")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("HX-1\u200b", "HX-1"),
        ("\ufeffHX\u00ad-1", "HX-1"),
        ("HX\u202e-1\u2066", "HX-1"),
        ("one\r\ntwo\rthree\n\tfour", "one\ntwo\nthree\n\tfour"),
        ("👩\u200d🔧 می\u200cخواهم", "👩\u200d🔧 می\u200cخواهم"),
    ],
)
def test_what_nobody_sees_is_not_kept(api, sent, kept):
    assert send(api, sent).json()["text"] == kept


@pytest.mark.parametrize("text", ["a\x01b", "\x1b[0m", "a\x7f", "a\ufffe", "\u0008"])
def test_a_control_character_is_refused_by_a_sentence(api, text):
    answer = send(api, text)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert answer.json()["errors"] == [
        {
            "pointer": "#/text",
            "code": "unstorable-character",
            "detail": "The text holds invisible control characters. Type it again.",
        }
    ]
    assert not Memo.objects.exists()
