"""Facts hold the active policies, now and as of a position."""

from dataclasses import replace

from domain.base.handling import FactsWanted
from domain.policy.events import PolicyPublished, PolicyRetired
from domain.routing.choosing import ActivePolicy
from domain.routing.facts import RoutingFacts
from domain.routing.policy import Audience, Criterion, Policy
from domain.routing.policy_content import content_hash
from eventstore.main import Log
from projections.facts import PostgresFacts
from projections.routing_policies.queries import (
    active_policies,
    list_policies,
    policies_named,
    versions,
)
from tests.projections.writing import Written, append, engine

NEAR = Policy("near", 1, (Criterion("unfilled"), Criterion("distance")))
CHEAP = Policy(
    "cheap", 4, (Criterion("unfilled"), Criterion("shipping-cost")), applies_to=Audience(("DE",))
)


def published(policy: Policy) -> Written:
    """Return the event that a policy was published."""
    return f"policy:{policy.policy_id}", PolicyPublished(policy, content_hash(policy))


def told(log: Log, *events: Written) -> int:
    """Write events and fold them."""
    position = append(log, *events)
    engine(log).catch_up()
    return position


def known(facts: PostgresFacts) -> RoutingFacts:
    """Return the facts on no item."""
    return facts.read(FactsWanted(channel_id="web"))


def test_facts_follow_what_is_published_and_retired(log: Log) -> None:
    """The newest version of each policy that is not retired, in the order of publishing."""
    facts = PostgresFacts(log.datastore)
    engine(log).catch_up()
    assert known(facts).policies == ()
    first = told(log, published(NEAR), published(CHEAP))
    assert known(facts).policies == (ActivePolicy(NEAR, first - 1), ActivePolicy(CHEAP, first))
    second = replace(NEAR, version=2, scarcity_days=9)
    then = told(log, published(second))
    assert known(facts).policies == (ActivePolicy(CHEAP, first), ActivePolicy(second, then))
    told(log, ("policy:near", PolicyRetired("enough")))
    assert known(facts).policies == (ActivePolicy(CHEAP, first),)
    third = replace(NEAR, version=3)
    back = told(log, published(third))
    assert known(facts).policies == (ActivePolicy(CHEAP, first), ActivePolicy(third, back))


def test_what_was_active_is_known_of_every_position(log: Log) -> None:
    """Before, between and after versions, and while a policy was retired."""
    second = replace(NEAR, version=2)
    third = replace(NEAR, version=3)
    last = told(
        log,
        published(NEAR),
        published(second),
        ("policy:near", PolicyRetired("enough")),
        published(third),
    )
    begin = last - 3
    at = [active_policies(log.datastore, at=position) for position in range(begin - 1, last + 1)]
    assert at == [
        (),
        (ActivePolicy(NEAR, begin),),
        (ActivePolicy(second, begin + 1),),
        (),
        (ActivePolicy(third, last),),
    ]


def test_every_version_is_listed_and_found_by_its_name(log: Log) -> None:
    """With its document, who published it and when it was retired."""
    second = replace(NEAR, version=2)
    told(
        log,
        published(NEAR),
        published(second),
        published(CHEAP),
        ("policy:near", PolicyRetired("enough")),
    )
    newest, oldest = versions(log.datastore, "near")
    assert (newest.version, newest.active, newest.retired_because) == (2, False, "enough")
    assert (oldest.version, oldest.active, oldest.retired_at) == (1, False, None)
    assert oldest.document == {"policy": "near", "version": 1, "criteria": ["unfilled", "distance"]}
    page = list_policies(log.datastore, limit=1)
    assert [(one.policy_id, one.version) for one in page.items] == [("cheap", 4)]
    page = list_policies(log.datastore, limit=1, cursor=page.next_cursor)
    assert [(one.policy_id, one.version) for one in page.items] == [("near", 2)]
    assert policies_named(log.datastore, ["near/1", "cheap/4", "cheap/5", "ghost/1"]) == {
        "near/1": NEAR,
        "cheap/4": CHEAP,
    }
