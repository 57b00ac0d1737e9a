from __future__ import annotations

import hashlib
import re
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from b2b.pdf import Attachment, PdfOutside, PdfTooLarge, render, rendering
from b2b.sandbox import MIB, Limits

DATED = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ORDER = """{% extends "b2b/pdf/document.html" %}
{% block title %}{{ title }}{% endblock %}
{% block running %}Running 页眉{% endblock %}
{% block body %}
<h1>{{ title }}</h1><p>{{ words }}</p>
<table><thead><tr><th>Item 品名</th><th class="number">Price</th></tr></thead>
<tbody>{% for line in lines %}<tr><td>{{ line }}</td><td class="number">1.50</td></tr>{% endfor %}</tbody></table>
{% endblock %}"""
CONTEXT = {"title": "Purchase order 采购订单", "words": "六角螺栓 M8×40, 镀锌钢", "lines": ["Bolt 螺栓"]}


@pytest.fixture(autouse=True)
def order_template(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "order.html").write_text(ORDER)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]


@pytest.fixture
def neighbour() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and the requests it got."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", requests
    server.shutdown()
    server.server_close()
    thread.join()


def page_texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_a_document_says_in_both_scripts_what_its_template_says() -> None:
    rendered = render("order.html", CONTEXT, language="en")

    (text,) = page_texts(rendered.pdf)
    assert "Purchase order 采购订单" in text
    assert "六角螺栓 M8×40, 镀锌钢" in text
    assert "Bolt 螺栓" in text
    assert (rendered.pages, rendered.missing) == (1, "")
    assert rendered.sha256 == hashlib.sha256(rendered.pdf).hexdigest()


@pytest.mark.parametrize(("language", "second"), [("en", "Page 2 of 3"), ("zh-hans", "第 2 页，共 3 页")])
def test_every_page_says_which_it_is_of_how_many(language: str, second: str) -> None:
    rendered = render("order.html", CONTEXT | {"lines": range(80)}, language=language)

    texts = page_texts(rendered.pdf)
    assert len(texts) == rendered.pages == 3
    assert [second.replace("2", str(page), 1) in text for page, text in enumerate(texts, start=1)] == [True] * 3


def test_the_head_of_a_table_and_the_running_line_stand_on_each_page() -> None:
    rendered = render("order.html", CONTEXT | {"lines": range(80)}, language="en")

    assert all("Item 品名" in text and "Running 页眉" in text for text in page_texts(rendered.pdf))


def test_the_same_document_gives_the_same_bytes() -> None:
    attached = [Attachment("lines.json", b"{}", "The lines")]

    first = render("order.html", CONTEXT, language="en", attachments=attached, dated=DATED)
    second = render("order.html", CONTEXT, language="en", attachments=attached, dated=DATED)

    assert first.pdf == second.pdf
    assert render("order.html", CONTEXT, language="en", dated=DATED).pdf != first.pdf


def test_the_document_bears_its_own_date_language_and_title_and_is_tagged() -> None:
    reader = PdfReader(BytesIO(render("order.html", CONTEXT, language="zh-hans", dated=DATED).pdf))

    catalogue = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Purchase order 采购订单"
    assert reader.metadata.creation_date == DATED
    assert catalogue["/Lang"] == "zh-Hans"
    assert catalogue["/MarkInfo"] == {"/Marked": True}
    assert "/StructTreeRoot" in catalogue
    assert b"pdfaid:part" in reader.trailer["/Root"]["/Metadata"].get_data()


def test_an_undated_document_does_not_bear_the_clock() -> None:
    rendered = render("order.html", CONTEXT, language="en")

    assert PdfReader(BytesIO(rendered.pdf)).metadata.creation_date is None  # type: ignore[union-attr]
    assert str(datetime.now(UTC).year).encode() not in re.sub(
        rb"stream.*?endstream", b"", rendered.pdf, flags=re.DOTALL
    )


def test_what_is_attached_comes_out_again() -> None:
    rendered = render("order.html", CONTEXT, language="en", attachments=[Attachment("lines.json", b'{"a": 1}')])

    assert PdfReader(BytesIO(rendered.pdf)).attachments == {"lines.json": [b'{"a": 1}']}


def test_text_from_people_is_never_markup() -> None:
    rendered = render("order.html", CONTEXT | {"words": '<img src="file:///etc/passwd">'}, language="en")

    assert '<img src="file:///etc/passwd">' in page_texts(rendered.pdf)[0]


def test_a_picture_inside_the_document_is_drawn() -> None:
    dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs="

    rendered = rendering.draw(f'<html lang="en"><title>t</title><img src="{dot}" alt="dot">')

    assert len(PdfReader(BytesIO(rendered.pdf)).pages[0].images) == 1


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{url}/image">',
        '<link rel="stylesheet" href="{url}/style">',
        '<link rel="attachment" href="{url}/file">',
        '<a rel="attachment" href="{url}/file">x</a>',
        '<style>@import url("{url}/import");</style>',
        '<style>@font-face {{ font-family: f; src: url("{url}/font") }} body {{ font-family: f }}</style>text',
        '<p style="background: url({url}/background)">x</p>',
        '<object data="{url}/object"></object>',
        '<base href="{url}/"><img src="relative.png">',
    ],
)
def test_a_document_reaches_no_server(markup: str, neighbour: tuple[str, list[str]]) -> None:
    url, requests = neighbour

    with pytest.raises(PdfOutside) as refused:
        rendering.draw(f"<html><body>{markup.format(url=url)}")

    assert url in refused.value.detail
    assert requests == []


def test_a_picture_inside_a_picture_reaches_no_server(neighbour: tuple[str, list[str]]) -> None:
    url, requests = neighbour
    inner = f'<image width="9" height="9" xlink:href="{url}/inner.png"/>'
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    svg = f'<svg {spaces} width="9" height="9">{inner}</svg>'
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"

    with pytest.raises(PdfOutside):
        rendering.draw(f'<html><body><img src="{source}">')

    assert requests == []


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<img src="../../../../../../etc/passwd">',
        '<link rel="attachment" href="/etc/passwd">',
        '<img src="ftp://127.0.0.1/x">',
        '<link rel="attachment" href="data:text/html,hello">',
        '<link rel="stylesheet" href="document.css?x">',
        '<link rel="stylesheet" href="%2e%2e/child.py">',
    ],
)
def test_a_document_reaches_no_file(markup: str) -> None:
    with pytest.raises(PdfOutside):
        rendering.draw(f"<html><body>{markup}")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space")
def test_a_document_that_needs_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "LIMITS", Limits(memory_bytes=64 * MIB, cpu_seconds=60, wall_seconds=60))

    with pytest.raises((PdfTooLarge, rendering.PdfNotDrawn)):
        render("order.html", CONTEXT | {"lines": range(20_000)}, language="en")


def test_a_document_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "LIMITS", Limits(cpu_seconds=2, wall_seconds=6))

    with pytest.raises(PdfTooLarge) as refused:
        render("order.html", CONTEXT | {"lines": range(50_000)}, language="en")

    assert refused.value.status == 422


def test_characters_no_font_draws_are_named() -> None:
    unassigned = "\U000e0fff"

    rendered = render("order.html", CONTEXT | {"words": f"a{unassigned}b"}, language="en")

    assert rendered.missing in (unassigned, "")


def test_a_font_without_chinese_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b'{"pages": 1, "missing": "\\u87ba"}\n%PDF'
    monkeypatch.setattr(rendering, "run", lambda *args, **kwargs: iter([answer]))

    with pytest.raises(rendering.PdfUnavailable):
        rendering.draw("<html>螺栓")
