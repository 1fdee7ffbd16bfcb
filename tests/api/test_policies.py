"""Policies over HTTP: published, listed, retired, and used by the next order."""

from typing import Any

import pytest

from projections.main import catch_up
from tests.api.shop import Json, Shop, fresh_key, order

NEAR: Json = {"policy": "near", "version": 1, "criteria": ["unfilled", "distance"]}
YAML = b"policy: far\nversion: 1\ncriteria:\n  - unfilled\n  - distance: {tolerence: 5}\n"


def send(shop: Shop, content: bytes, media_type: str) -> Any:
    """Post a text as a policy."""
    headers = {"Idempotency-Key": fresh_key(), "Content-Type": media_type}
    return shop.client.post("/v1/routing/policies", content=content, headers=headers)


def test_a_policy_is_published_used_and_retired(shop: Shop) -> None:
    """The next order's decision names it with its content."""
    shop.stocked("A")
    published = shop.done("/v1/routing/policies", NEAR, key="near")
    assert (published["policy_id"], published["version"]) == ("near", 1)
    assert shop.post("/v1/routing/policies", NEAR, key="near").json() == published
    assert shop.done("/v1/routing/policies", NEAR)["changed"] is False
    catch_up(shop.services.datastore, shop.services.reader)
    shop.done("/v1/orders", order("p1", ("A", 1)))
    events = shop.client.get("/v1/orders/WEB:p1/events").json()["events"]
    decision = next(e["payload"] for e in events if e["type"] == "LinesAllocated")["decision"]
    assert [one["policy"] for one in decision["policies"]] == ["near/1"]
    assert ["policy:near/1", published["content"]] in decision["hashes"]
    listed = shop.client.get("/v1/routing/policies", params={"limit": 5}).json()
    assert [(one["policy_id"], one["active"]) for one in listed["policies"]] == [("near", True)]
    retired = shop.done("/v1/routing/policies/near/retirements", {"reason": "enough"})
    assert retired["version"] == 1
    catch_up(shop.services.datastore, shop.services.reader)
    found = shop.client.get("/v1/routing/policies/near")
    assert found.json()["active"] is False
    assert found.json()["versions"][0]["retired_because"] == "enough"
    assert found.json()["versions"][0]["document"] == NEAR


def test_yaml_is_taken_and_refused_with_the_line(shop: Shop) -> None:
    """As `application/yaml`, with line and column as members of the problem."""
    refused = send(shop, YAML, "application/yaml; charset=utf-8")
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["type"] == "/problems/invalid-request"
    assert (problem["line"], problem["column"]) == (5, 16)
    assert problem["field"] == "criteria.1.tolerence"
    assert "did you mean 'tolerance'?" in problem["detail"]
    taken = send(shop, YAML.replace(b"tolerence", b"tolerance"), "text/yaml")
    assert taken.status_code == 201, taken.text
    assert taken.headers["Location"] == "/v1/routing/policies/far"


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code", "field"),
    [
        (b"{", "application/json", 400, "malformed-json", "body"),
        (b"[]", "application/json", 422, "invalid-request", "body"),
        (b"", "application/json", 400, "malformed-json", "body"),
        (b"", "application/yaml", 422, "invalid-request", "body"),
        (b"policy: *a", "application/yaml", 422, "invalid-request", "body"),
        (b"\xff", "application/yaml", 422, "invalid-request", "body"),
        (b"<policy/>", "text/xml", 415, "unsupported-media-type", None),
        (b'{"policy": "\\ud800"}', "application/json", 422, "invalid-request", "policy"),
        (b"[" * 60_000, "application/json", 400, "malformed-json", "body"),
        (b"[" * 60_000, "application/yaml", 422, "invalid-request", "body"),
        (b"#" * 70_000, "application/yaml", 422, "invalid-request", "body"),
    ],
)
def test_what_is_no_policy_is_refused(
    shop: Shop, content: bytes, media_type: str, status: int, code: str, field: str | None
) -> None:
    """With a problem document, and nothing is written."""
    head = shop.head()
    answer = send(shop, content, media_type)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}"), answer.text
    assert answer.json().get("field") == field
    assert shop.head() == head


def test_versions_are_immutable(shop: Shop) -> None:
    """Another content under a version is refused with the number of the next."""
    two = {**NEAR, "policy": "two", "version": 3}
    shop.done("/v1/routing/policies", two)
    refused = shop.post("/v1/routing/policies", {**two, "daily-work": 7})
    assert (refused.status_code, refused.json()["next_version"]) == (409, 4)
    reserved = shop.post("/v1/routing/policies", {**NEAR, "policy": "default"})
    assert (reserved.status_code, reserved.json()["field"]) == (422, "policy")


def test_what_was_never_published_is_not_found(shop: Shop) -> None:
    """Neither shown nor retired; a reason is required."""
    assert shop.client.get("/v1/routing/policies/ghost").status_code == 404
    path = "/v1/routing/policies/ghost/retirements"
    assert shop.post(path, {"reason": "x"}).status_code == 404
    assert shop.post(path, {}).json()["field"] == "reason"


def test_policies_are_for_administrators(shop: Shop) -> None:
    """A channel's key neither reads nor writes them."""
    with shop.channel_client("WEB") as client:
        assert client.get("/v1/routing/policies").status_code == 403
        assert client.get("/v1/routing/policies/schema").status_code == 403
        assert client.get("/v1/routing/policies/near").status_code == 403
        assert shop.post("/v1/routing/policies", NEAR, client=client).status_code == 403
        path = "/v1/routing/policies/near/retirements"
        assert shop.post(path, {"reason": "x"}, client=client).status_code == 403
    assert "properties" in shop.client.get("/v1/routing/policies/schema").json()
