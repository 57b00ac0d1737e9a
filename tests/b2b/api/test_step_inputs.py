"""What a form for a step asks, in the reader's words."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from rest_framework.test import APIClient

from b2b.api import step_inputs
from tests.factories.b2b import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.force_login(MembershipFactory().user)
    return client


def test_the_fields_of_a_step_come_in_the_readers_language(api: APIClient) -> None:
    said = api.get("/api/v1/step-inputs/ExtendInput/", headers={"Accept-Language": "zh-hans"}).json()

    assert said == {
        "name": "ExtendInput",
        "fields": [
            {
                "name": "deadline", "label": "截止时间", "help": "", "kind": "instant",
                "is_required": True, "choices": [], "max_length": None,
            },
            {
                "name": "reason", "label": "原因", "help": "", "kind": "long_text",
                "is_required": True, "choices": [], "max_length": 2000,
            },
        ],
    }  # fmt: skip


def test_choices_have_names(api: APIClient) -> None:
    said = api.get("/api/v1/step-inputs/GrantInput/").json()["fields"]

    assert [(one["name"], one["label"], one["kind"]) for one in said] == [
        ("limit", "Credit limit", "number"),
        ("terms", "Payment terms", "choice"),
        ("review_on", "Review on", "day"),
    ]
    assert said[1]["choices"][1] == {"value": "net_30", "label": "30 days net"}


def test_what_no_step_takes_is_not_there(api: APIClient) -> None:
    assert api.get("/api/v1/step-inputs/NoInput/").status_code == 404


def test_no_form_in_chinese_has_a_label_in_english(api: APIClient) -> None:
    own = {"ApplyInput", "MendedFileInput", "LayoutInput"}
    """The page of an upload draws these itself."""
    with translation.override("zh-hans"):
        said = {
            name: api.get(f"/api/v1/step-inputs/{name}/", headers={"Accept-Language": "zh-hans"}).json()["fields"]
            for name in step_inputs._known.keys() - own
        }

    assert len(said) > 20
    told = [one for fields in said.values() for one in fields if one["kind"] != "other"]
    english = {text for one in told for text in (one["label"], one["help"]) if re.match("[A-Z][a-z]", text)}
    assert english == set()
