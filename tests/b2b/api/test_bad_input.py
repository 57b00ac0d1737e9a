"""Whatever is sent, the answer is a problem document in the reader's language, and nothing changed."""

from __future__ import annotations

import io
import json
import time

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b2b.api.middleware import BodyLimitMiddleware
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db

MEMOS = "/api/v1/memos/"


def send(api, body: bytes | str, content_type: str = "application/json", **headers):
    return api.post(MEMOS, body, content_type=content_type, headers=headers)


def assert_problem(answer, status: int, code: str) -> dict:
    """The answer is that problem, in the shape of RFC 9457, and no memo was made."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["status"]) == (f"/problems/{code}", status)
    assert problem["title"]
    assert problem["request_id"] == answer["X-Request-ID"]
    assert not Memo.objects.exists()
    return problem


@pytest.mark.parametrize(
    "body",
    [
        "{", "", "nul", '{"text": }', '{"text": "a",}', "{'text': 'a'}", '{"text": "a"} {}', '{"text": "\t"}',
        '{"text": NaN}', '{"text": Infinity}', '{"text": -Infinity}', '{"text": "a", "text": "b"}',
        '{"lines": [{"number": ' + "9" * 5000 + "}]}", '"\\ud800', "[" * 40, "]" * 40,
    ],
)  # fmt: skip
def test_malformed_json(api, body):
    assert_problem(send(api, body or " "), 400, "malformed")


def test_json_that_is_not_utf8(api):
    assert_problem(send(api, b'{"text": "\xff"}'), 400, "malformed")


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_json_100_000_deep_is_refused_at_once(api, opening):
    began = time.perf_counter()

    problem = assert_problem(send(api, opening * 100_000), 400, "malformed")

    assert problem["detail"] == "The JSON is nested more than 32 deep, or its brackets do not match."
    assert time.perf_counter() - began < 2


def test_json_full_of_quotes_is_refused_in_linear_time(api):
    began = time.perf_counter()

    assert_problem(send(api, '"' + '\\"' * 2_000_000), 400, "malformed")

    assert time.perf_counter() - began < 5


def test_brackets_inside_text_are_no_depth(api):
    answer = send(api, json.dumps({"text": "[" * 90}))

    assert answer.status_code == 201


def test_a_body_of_50_megabytes_is_refused_unread(api, settings):
    class Unreadable(io.RawIOBase):
        def read(self, *args):
            raise AssertionError("The body was read.")

    answer = api.generic(
        "POST", MEMOS, b"", content_type="application/json",
        CONTENT_LENGTH=str(50 * 1024 * 1024), **{"wsgi.input": Unreadable()},
    )  # fmt: skip

    problem = assert_problem(answer, 413, "body-too-large")
    assert problem["detail"] == f"At most {settings.API_BODY_LIMIT_BYTES} bytes are read here."


def chunked(body, **environ):
    """What is answered to a body that comes in chunks, as a server hands it over; the body itself if it is read."""
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": MEMOS, "SERVER_NAME": "testserver", "SERVER_PORT": "80",
        "CONTENT_TYPE": "application/json", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": body, **environ,
    }  # fmt: skip
    return BodyLimitMiddleware(lambda request: HttpResponse(request.body))(WSGIRequest(environ))


class Endless(io.RawIOBase):
    """A body that never ends; ``given`` counts the bytes that were taken."""

    given = 0

    def read(self, size=-1):
        self.given += size
        return b"x" * size


def test_a_body_in_chunks_is_refused_once_it_is_too_long(settings):
    body = Endless()

    answer = chunked(body, **{"wsgi.input_terminated": True})

    assert (answer.status_code, json.loads(answer.content)["type"]) == (413, "/problems/body-too-large")
    assert body.given < settings.API_BODY_LIMIT_BYTES * 1.1


@pytest.mark.parametrize("size", [0, 10, 3_000_000])
def test_a_body_in_chunks_is_read_like_any_other(size):
    answer = chunked(io.BytesIO(b"x" * size), **{"wsgi.input_terminated": True})

    assert answer.content == b"x" * size


def test_a_body_of_unknown_length_from_a_server_that_cannot_end_it_is_refused():
    answer = chunked(Endless())

    assert (answer.status_code, json.loads(answer.content)["type"]) == (411, "/problems/length-required")


@pytest.mark.parametrize("length", ["-1", "ten"])
def test_a_length_that_is_none_never_fails(api, length):
    answer = api.generic("POST", MEMOS, b"{}", content_type="application/json", CONTENT_LENGTH=length)

    assert answer.status_code in {400, 422}


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_another_media_type(api, media_type):
    assert_problem(send(api, "text=a", media_type), 415, "unsupported-media-type")


def test_an_answer_in_another_media_type(api):
    assert_problem(api.get(MEMOS, headers={"Accept": "text/html"}), 406, "not-acceptable")


def test_unknown_fields_are_named_with_everything_else_that_is_wrong(api):
    sent = {
        "colour": 1,
        "text": "a" * 101,
        "lines": [{"number": 1, "text": "a"}, {"number": -1, "text": "a", "x/~y": 1}],
    }

    problem = assert_problem(api.post(MEMOS, sent), 422, "invalid")

    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [
        ("#/text", "max-length"),
        ("#/lines/1/number", "min-value"),
        ("#/lines/1/x~1~0y", "unknown-field"),
        ("#/colour", "unknown-field"),
    ]


@pytest.mark.parametrize("body", ["[]", "null", "1", '"text"', '{"lines": {}}', '{"lines": [1]}', '{"lines": null}'])
def test_another_shape_than_asked_for(api, body):
    assert_problem(send(api, body), 422, "invalid")


@pytest.mark.parametrize(("text", "pointer"), [("\\u0000", "#/text"), ("a\\ud800", "#/text"), ("\\uDFFF", "#/text")])
def test_text_that_no_column_can_hold(api, text, pointer):
    problem = assert_problem(send(api, '{"text": "' + text + '"}'), 422, "invalid")

    assert problem["errors"] == [
        {
            "pointer": pointer,
            "code": "unstorable-character",
            "detail": "Text may hold neither NUL nor half a surrogate pair.",
        }
    ]


def test_a_name_that_no_column_can_hold(api):
    assert_problem(send(api, '{"lines": [{"a\\u0000": 1}]}'), 422, "invalid")


def test_text_beyond_the_basic_plane_is_welcome(api):
    assert send(api, '{"text": "\\ud83d\\ude00 螺栓"}').json()["text"] == "😀 螺栓"


@pytest.mark.parametrize("parameter", ["\x00", "a\x00b"])
def test_a_parameter_that_nothing_can_match(api, parameter):
    problem = assert_problem(api.get(MEMOS, {"state": parameter}), 422, "invalid")

    assert problem["errors"][0]["pointer"] == "?state"


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "1" * 400, "1.5", "99999999999", "true", "-1"])
def test_a_number_that_is_none_here(api, number):
    problem = assert_problem(
        send(api, '{"text": "a", "lines": [{"number": ' + number + ', "text": "a"}]}'), 422, "invalid"
    )

    assert problem["errors"][0]["pointer"] == "#/lines/0/number"


def test_problems_speak_the_readers_language(api):
    problem = assert_problem(api.post(MEMOS, {"colour": 1}, headers={"Accept-Language": "zh-CN"}), 422, "invalid")

    assert problem["title"] == "提交的内容无效。"
    assert problem["errors"][0]["detail"] == "此处不接受该字段。"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=json_values, lines=json_values)
def test_no_json_whatever_is_answered_with_a_fault_of_ours(api, text, lines):
    answer = send(api, json.dumps({"text": text, "lines": lines}))

    assert answer.status_code in {201, 400, 422}, answer.content


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200))
def test_no_bytes_whatever_are_answered_with_a_fault_of_ours(api, body):
    answer = send(api, body)

    assert answer.status_code in {201, 400, 422}, answer.content
