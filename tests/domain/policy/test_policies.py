"""Policies are published as immutable versions that rise, and are retired."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from domain.policy.commands import PublishPolicy, RetirePolicy
from domain.policy.errors import (
    PolicyIsRetired,
    PolicyVersionTaken,
    ReservedPolicy,
    UnknownPolicy,
)
from domain.policy.events import PolicyPublished, PolicyRetired
from domain.routing.policy import Policy
from domain.routing.policy_content import content_hash
from domain.routing.policy_document import read_form
from tests.support.commands import ask
from tests.support.specification import Given, given, given_nothing

NEAR: Mapping[str, Any] = {"policy": "near", "version": 2, "criteria": ["unfilled", "distance"]}
POLICY: Policy = read_form(NEAR).to_policy()
FIRST = PolicyPublished(POLICY, content_hash(POLICY))


def publishing(**changes: Any) -> PublishPolicy:
    """Return the command to publish version 2 of `near` with some changes."""
    return ask(PublishPolicy, policy=read_form({**NEAR, **changes}))


def published() -> Given:
    """Return a world in which version 2 is in force."""
    return given("policy:near", FIRST)


def test_a_version_comes_into_force() -> None:
    """The event holds the policy as the engine reads it, and the hash of what it says."""
    outcome = given_nothing().when(publishing())
    outcome.then("policy:near", FIRST).then_only("policy:near")
    outcome.answers(policy_id="near", version=2, content=FIRST.content, changed=True)


def test_a_higher_version_replaces_it_and_may_skip_numbers() -> None:
    """From 2 to 7, with the same content or with another."""
    outcome = published().when(publishing(version=7))
    seventh = replace(POLICY, version=7)
    outcome.then("policy:near", PolicyPublished(seventh, content_hash(seventh)))


def test_the_same_again_changes_nothing() -> None:
    """However it is written: the content counts."""
    again = publishing(criteria=[{"name": "unfilled"}, {"distance": {"tolerance": 0}}])
    published().when(again).then_nothing().answers(changed=False, content=FIRST.content)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"daily-work": 5}, "has another content as version 2, and versions are immutable"),
        ({"version": 1}, "has come to version 2"),
    ],
)
def test_a_version_is_never_changed(changes: dict[str, Any], message: str) -> None:
    """The refusal says which version would be the next."""
    refused = (
        published()
        .when(publishing(**changes))
        .refused(PolicyVersionTaken, field="version", next_version=3)
    )
    assert message in refused.detail
    assert "publish as version 3" in refused.detail


def test_a_retired_policy_comes_back_with_a_higher_version() -> None:
    """The version that was retired stays retired."""
    retired = published().given("policy:near", PolicyRetired("no longer"))
    retired.when(publishing()).refused(PolicyVersionTaken, next_version=3)
    outcome = retired.when(publishing(version=3))
    assert outcome.state("policy:near").retired is False


def test_a_policy_is_retired_once() -> None:
    """Then it is out of force; what was never published cannot be retired."""
    retire = ask(RetirePolicy, policy_id="near", reason="no longer")
    outcome = published().when(retire)
    outcome.then("policy:near", PolicyRetired("no longer")).answers(policy_id="near", version=2)
    outcome.and_when(retire).refused(PolicyIsRetired, field="policy_id")
    given_nothing().when(retire).refused(UnknownPolicy, field="policy_id")


@pytest.mark.parametrize("policy_id", ["default", "schema"])
def test_some_ids_mean_something_else(policy_id: str) -> None:
    """The engine's own policy is named by the engine's version alone."""
    given_nothing().when(publishing(policy=policy_id)).refused(ReservedPolicy, field="policy")
