"""The OpenAPI document: complete, true, and no request that it allows breaks the program."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import count
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from api.http.examples import EXAMPLES, Example
from api.http.openapi import operations
from projections.main import catch_up
from tests.api.shop import Json, Shop, open_shop, order
from tests.support.postgres import fresh_schema

MODES: Final = list(GenerationMode)
MORNING: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def story(postgres: str) -> Iterator[Shop]:
    """Return an empty shop whose clock begins with the story of the examples."""
    minutes = count(5, 5)

    def clock() -> datetime:
        return MORNING + timedelta(minutes=next(minutes))

    with fresh_schema(postgres) as schema, open_shop(postgres, schema, clock=clock) as shop:
        yield shop


@pytest.fixture(scope="module")
def document(story: Shop) -> Json:
    """Return the document as it is served."""
    served: Json = story.client.get("/openapi.json").json()
    return served


def test_every_operation_is_complete(document: Json) -> None:
    """Each has an id, a tag, a sentence, examples, and the problems it may answer with."""
    assert document["openapi"].startswith("3.1")
    assert set(EXAMPLES) == {op["operationId"] for _, _, op in operations(document)}
    for method, path, operation in operations(document):
        assert operation["description"], path
        assert len(operation["tags"]) == 1, path
        content = operation.get("requestBody", {}).get("content", {})
        assert all("example" in body for body in content.values()), path
        answers = {s: r for s, r in operation["responses"].items() if s.startswith("2")}
        assert all("example" in a["content"]["application/json"] for a in answers.values()), path
        if path.startswith("/v1/"):
            assert {"401", "404", "422", "503"} <= operation["responses"].keys()
            assert operation["security"] == [{"ApiKey": []}]
            names = {p["name"] for p in operation.get("parameters", ()) if p.get("required")}
            assert ("Idempotency-Key" in names) == (method == "post"), path


def test_every_example_is_true(story: Shop, document: Json) -> None:
    """Sent in their order, the examples are accepted and answered in the shape shown."""
    where = {op["operationId"]: (method, path) for method, path, op in operations(document)}
    ids: dict[str, str] = {}
    for name, example in EXAMPLES.items():
        catch_up(story.services.datastore, story.services.reader)
        response = send(story, *where[name], example, ids)
        assert response.is_success, (name, response.text)
        answer = response.json()
        if name == "list_order_events":
            answer["events"] = answer["events"][-1:]
        if name == "get_policy_schema":
            answer = {key: answer[key] for key in example.answer}
            assert answer == example.answer
        ids = same_shape(example.answer, answer, name) | ids


def send(
    shop: Shop, method: str, path: str, example: Example, ids: dict[str, str]
) -> httpx.Response:
    """Send an example, with the ids that this run was given in place of those written down."""
    named = {name for name in example.parameters if f"{{{name}}}" in path}
    query = {name: value for name, value in example.parameters.items() if name not in named}
    url = path.format(**{name: example.parameters[name] for name in named})
    body = json.dumps(example.body)
    for written, real in ids.items():
        body = body.replace(written, real)
    headers = {"Idempotency-Key": f"example {path} {method}".replace(" ", "-")}
    if example.body is not None:
        headers["Content-Type"] = "application/json"
    content = None if example.body is None else body
    return shop.client.request(method, url, params=query, content=content, headers=headers)


def test_no_example_has_references_of_its_own(document: Json) -> None:
    """A reference in an example would point nowhere in the document: programs resolve them all."""
    for _, path, operation in operations(document):
        for answer in operation["responses"].values():
            for content in answer["content"].values():
                assert '"$ref"' not in json.dumps(content.get("example")), path


def same_shape(written: Any, answered: Any, path: str) -> dict[str, str]:
    """Check that two answers differ in texts and numbers alone; return ids that differ."""
    assert type(written) is type(answered), (path, written, answered)
    if isinstance(written, dict):
        if not path.endswith("read_models"):
            assert written.keys() == answered.keys(), path
        pairs = [(written[key], answered[key], f"{path}.{key}") for key in written]
    elif isinstance(written, list):
        assert len(written) == len(answered), path
        both = enumerate(zip(written, answered, strict=True))
        pairs = [(*pair, f"{path}.{number}") for number, pair in both]
    else:
        return {written: answered} if isinstance(written, str) and written != answered else {}
    found: dict[str, str] = {}
    for pair in pairs:
        found |= same_shape(*pair)
    return found


class Checked(HTMLParser):
    """Fails on an element that fetches or runs anything from elsewhere."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check one element."""
        assert tag not in {"script", "link", "img", "iframe"}
        assert not any(name == "src" for name, _ in attrs)


def test_the_docs_page_needs_no_other_server(story: Shop, document: Json) -> None:
    """The page shows every operation and loads nothing."""
    page = story.client.get("/", follow_redirects=True)
    assert page.url.path == "/docs"
    Checked().feed(page.text)
    for method, path, _ in operations(document):
        assert f"<b>{method.upper()}</b> <code>{path}</code>" in page.text


def test_every_problem_type_is_explained_at_its_address(story: Shop) -> None:
    """A problem's type leads to a page about it."""
    refused = story.post("/v1/orders", order("x", ("nothing", 1), channel_id="nowhere"))
    page = story.client.get(refused.json()["type"])
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "404" in page.text
    codes = re.findall(r'href="(/problems/[a-z-]+)"', story.client.get("/problems").text)
    assert len(codes) > 30
    assert all(story.client.get(code).status_code == 200 for code in codes)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("requests", [3, pytest.param(60, marks=pytest.mark.long)])
def test_no_request_breaks_the_program(story: Shop, mode: GenerationMode, requests: int) -> None:
    """What fits the document, and what just misses it, is answered without a server's fault."""
    schema = schemathesis.openapi.from_url(f"{story.base_url}/openapi.json")
    headers = {"Authorization": f"Bearer {story.token}"}
    for result in schema.get_all_operations():
        if isinstance(result, Ok) and result.ok().path.startswith("/v1/"):
            attack(result.ok(), mode, headers, requests)


def attack(operation: Any, mode: GenerationMode, headers: Json, requests: int) -> None:
    """Send some generated requests of one operation."""

    @settings(
        max_examples=requests,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answered(case: Any) -> None:
        response = case.call(headers=headers)
        assert response.status_code < 500, (case.as_curl_command(), response.text)

    answered()
