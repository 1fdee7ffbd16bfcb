"""Routing policies: published in JSON or YAML as immutable versions, listed, retired."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict

from api.http.access import administrator
from api.http.errors import FieldError, InvalidRequest, MalformedJson, NotJson
from api.http.faults import build
from api.http.paging import Asked
from api.http.positions import up_to_date
from api.http.routing import router
from api.http.sending import Accepted, Posting
from api.http.services import Wired
from api.policy_text import BadPolicyText, read_policy_text
from domain.base.text import Code, Line
from domain.policy.commands import PublishPolicy, RetirePolicy
from domain.policy.errors import UnknownPolicy
from domain.routing.policy_document import BadPolicy, policy_schema, read_form
from domain.routing.policy_form import PolicyForm
from projections.routing_policies import queries

routes: Final = router("routing policies")
_ADMINISTRATOR: Final = [Depends(administrator)]
_READ: Final = [*_ADMINISTRATOR, up_to_date("routing_policies")]
_JSON: Final = "application/json"
_YAML: Final = ("application/yaml", "application/x-yaml", "text/yaml")
_YAML_EXAMPLE: Final = "policy: nearest\nversion: 1\ncriteria: [unfilled, fulfilments, distance]\n"
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {
                "schema": {
                    "type": "object",
                    "required": ["policy", "version", "criteria"],
                    "description": "A policy, as /v1/routing/policies/schema says.",
                }
            },
            _YAML[0]: {"schema": {"type": "string"}, "example": _YAML_EXAMPLE},
        },
    }
}


class PolicyVersion(BaseModel):
    """A version of a policy; `content` is the hash of its document, as decisions name it."""

    policy_id: str
    version: int
    active: bool
    document: dict[str, Any]
    content: str
    published_at: datetime
    published_by: str
    retired_at: datetime | None
    retired_by: str | None
    retired_because: str | None


class PolicyPage(BaseModel):
    """The newest versions by policy id; `next` is the cursor of the next page, null on the last."""

    policies: list[PolicyVersion]
    next: str | None


class PolicyVersions(BaseModel):
    """All versions of a policy, the newest first."""

    policy_id: str
    active: bool
    versions: list[PolicyVersion]


class PolicyPublication(Accepted):
    """A version is in force; `changed` is false where it was before."""

    policy_id: str
    version: int
    content: str
    changed: bool


class PolicyRetirement(Accepted):
    """A policy is out of force."""

    policy_id: str
    version: int


class Retirement(BaseModel):
    """Why a policy is taken out of force."""

    model_config = ConfigDict(extra="forbid")

    reason: Line


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came: a value of JSON, or a text in YAML."""

    value: Any = None
    text: bytes | None = None


async def _sent(request: Request) -> _Sent:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type in _YAML:
        return _Sent(text=await request.body())
    if media_type != _JSON:
        raise NotJson(f"Send the header Content-Type: {_JSON}, or {_YAML[0]}.")
    try:
        return _Sent(value=await request.json())
    except json.JSONDecodeError as error:
        raise MalformedJson(
            f"{error.msg} at character {error.pos}; send one JSON object.", field="body"
        ) from None


@routes.post("/routing/policies", status_code=201, dependencies=_ADMINISTRATOR, openapi_extra=_BODY)
def publish_policy(sent: Annotated[_Sent, Depends(_sent)], sender: Posting) -> PolicyPublication:
    """Put a version of a policy in force; a mistake in YAML is told with its line and column."""
    command = build(PublishPolicy, **sender.stamp(), policy=_form(sent))
    answer = sender.do(command)
    sender.response.headers["Location"] = f"/v1/routing/policies/{command.policy.policy}"
    position = sender.services.position_text(answer.position)
    return PolicyPublication.model_validate({**answer.outcome, "position": position})


def _form(sent: _Sent) -> PolicyForm:
    try:
        return read_form(sent.value) if sent.text is None else read_policy_text(sent.text)
    except BadPolicy as bad:
        field = ".".join(str(step) for step in bad.path) or "body"
        refused = InvalidRequest([FieldError(field, bad.message, "policy")])
        if isinstance(bad, BadPolicyText):
            refused.detail = str(bad)
            refused.members = {**refused.members, "line": bad.line, "column": bad.column}
        raise refused from None


@routes.get("/routing/policies/schema", dependencies=_ADMINISTRATOR)
def get_policy_schema() -> dict[str, Any]:
    """Return the JSON schema of a policy, for editors."""
    return policy_schema()


@routes.get("/routing/policies", dependencies=_READ)
def list_policies(services: Wired, paging: Asked) -> PolicyPage:
    """Return a page of the newest version of every policy, retired ones too."""
    page = queries.list_policies(services.datastore, limit=paging.limit, cursor=paging.cursor)
    return PolicyPage(policies=[_view(one) for one in page.items], next=page.next_cursor)


@routes.get("/routing/policies/{policy_id}", dependencies=_READ)
def get_policy(policy_id: Code, services: Wired) -> PolicyVersions:
    """Return all versions of a policy, the newest first."""
    found = queries.versions(services.datastore, policy_id)
    if not found:
        raise UnknownPolicy(f"No policy {policy_id!r} was published", field="policy_id")
    return PolicyVersions(
        policy_id=policy_id,
        active=any(one.active for one in found),
        versions=[_view(one) for one in found],
    )


@routes.post("/routing/policies/{policy_id}/retirements", dependencies=_ADMINISTRATOR)
def retire_policy(policy_id: Code, body: Retirement, sender: Posting) -> PolicyRetirement:
    """Take a policy out of force; a higher version brings it back."""
    command = build(RetirePolicy, **sender.stamp(), policy_id=policy_id, reason=body.reason)
    answer = sender.do(command)
    position = sender.services.position_text(answer.position)
    return PolicyRetirement.model_validate({**answer.outcome, "position": position})


def _view(one: queries.FoundVersion) -> PolicyVersion:
    return PolicyVersion.model_validate(one, from_attributes=True)
