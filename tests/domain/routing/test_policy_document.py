"""Policies as people write them: read exactly, or refused at the place of the mistake."""

from decimal import Decimal
from typing import Any

import pytest

from domain.routing.policy import DEFAULT_POLICY, Audience, Constraints, Criterion, Packing, Policy
from domain.routing.policy_document import BadPolicy, policy_schema, read_policy

PLAIN: dict[str, Any] = {
    "policy": "default",
    "version": 1,
    "criteria": ["unfilled", "fulfilments", "distance"],
}


def test_a_plain_document_is_the_default_policy() -> None:
    """What is left out has the engine's defaults."""
    assert read_policy(PLAIN) == DEFAULT_POLICY


def test_everything_can_be_written() -> None:
    """Tolerances, constraints and packing are read as written."""
    document = {
        "policy": "germany",
        "version": 4,
        "currency": "CHF",
        "criteria": [
            "unfilled",
            {"fulfilments": {"tolerance": 1}},
            {"name": "shipping-cost", "share": "0.1"},
        ],
        "constraints": {
            "require": ["hazardous", "export"],
            "bulky-radius-km": 150,
            "domestic": ["DE", "AT"],
            "most-fulfilments": 3,
        },
        "packing": {"greatest-grams": 20_000, "greatest-cm3": 90_000},
        "scarcity-days": 14,
        "daily-work": 250,
        "applies-to": {
            "markets": ["DE", "AT", "DE"],
            "channels": ["web"],
            "customer-groups": ["vip"],
            "services": ["express"],
        },
        "priorities": {"vip": 7, "staff": 0},
    }
    assert read_policy(document) == Policy(
        "germany",
        4,
        (
            Criterion("unfilled"),
            Criterion("fulfilments", tolerance=Decimal(1)),
            Criterion("shipping-cost", share=Decimal("0.1")),
        ),
        currency="CHF",
        constraints=Constraints(("hazardous", "export"), Decimal(150), ("DE", "AT"), 3),
        packing=Packing(20_000, 90_000),
        scarcity_days=14,
        daily_work=250,
        applies_to=Audience(("AT", "DE"), ("web",), ("vip",), ("express",)),
        priorities=(("staff", 0), ("vip", 7)),
    )


def test_money_weighs_every_criterion() -> None:
    """Weights are money per unit."""
    weighed = {
        **PLAIN,
        "order": "money",
        "criteria": [{"unfilled": {"weight": 50}}, {"distance": {"weight": "0.02"}}],
    }
    policy = read_policy(weighed)
    assert policy.order == "money"
    assert [one.weight for one in policy.criteria] == [50, Decimal("0.02")]


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"criteria": ["unfilled", "speed"]}, ("criteria", 1, "name"), "Input should be"),
        ({"criteria": []}, ("criteria",), "at least 1"),
        ({"criteria": ["unfilled", "unfilled"]}, ("criteria",), "stands twice"),
        ({"criteria": ["distance"]}, ("criteria",), "'unfilled' is missing"),
        ({"criteria": ["distance", "unfilled"]}, ("criteria", 0), "comes first"),
        ({"criteria": [{"unfilled": {"tolerance": 1}}]}, ("criteria", 0), "no tolerance"),
        (
            {"criteria": ["unfilled", {"distance": {"weight": 1}}]},
            ("criteria", 1),
            "'distance': a weight counts only",
        ),
        ({"order": "money"}, ("criteria", 0), "'unfilled': where money decides"),
        ({"criteria": ["unfilled", "distanse"]}, ("criteria", 1, "name"), "mean 'distance'?"),
        ({"critera": []}, ("critera",), "'critera' is no key here; did you mean 'criteria'?"),
        (
            {"criteria": ["unfilled", {"distance": {"tolerence": 1}}]},
            ("criteria", 1, "tolerence"),
            "did you mean 'tolerance'?",
        ),
        ({"constraints": {"require": ["fly"]}}, ("constraints", "require", 0), "Input should be"),
        ({"constraints": {"radius": 5}}, ("constraints", "radius"), "no key here"),
        ({"packing": {"greatest-grams": 0}}, ("packing", "greatest-grams"), "greater than 0"),
        ({"version": 0}, ("version",), "greater than 0"),
        ({"version": True}, ("version",), "valid integer"),
        ({"version": "1"}, ("version",), "valid integer"),
        ({"priorities": {"vip": 10}}, ("priorities", "vip"), "less than or equal to 9"),
        ({"applies-to": {"markets": ["EU"]}}, ("applies-to", "markets", 0), "no ISO 3166-1"),
        ({"applies-to": {"vip": True}}, ("applies-to", "vip"), "no key here"),
        ({"currency": "EURO"}, ("currency",), "no ISO 4217 currency"),
        ({"constraints": {"transfers": "yes"}}, ("constraints", "transfers"), "true or false"),
        ({"constraints": {"transfers": 1}}, ("constraints", "transfers"), "true or false"),
        ({"constraints": {"transfer-days": "3"}}, ("constraints", "transfer-days"), "integer"),
        ({"constraints": {"transfer-days": True}}, ("constraints", "transfer-days"), "integer"),
        (
            {"constraints": {"bulky-radius-km": "1_0"}},
            ("constraints", "bulky-radius-km"),
            "in digits",
        ),
        ({"constraints": {"domestic": "GB"}}, ("constraints", "domestic"), "this is a list"),
        ({"applies-to": None}, ("applies-to",), "a mapping of keys"),
        ({"priorities": ["vip"]}, ("priorities",), "a mapping of keys"),
        ({"criteria": ["unfilled", {"distance": 5}]}, ("criteria", 1), "distance: {share: 0.1}"),
        ({"criteria": ["unfilled", {"distance": None}]}, ("criteria", 1), "one criterion for each"),
        (
            {"criteria": ["unfilled", {"distance": {}, "promise": {}}]},
            ("criteria", 1),
            "one criterion for each",
        ),
        (
            {
                "order": "money",
                "criteria": [{"unfilled": {"weight": 0}}, {"distance": {"weight": 1}}],
            },
            ("criteria", 0),
            "sending nothing would be best",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(
    change: dict[str, Any], path: tuple[str | int, ...], message: str
) -> None:
    """The path leads to the line in the file; nothing is guessed."""
    with pytest.raises(BadPolicy) as refused:
        read_policy({**PLAIN, **change})
    assert refused.value.path == path
    assert message in refused.value.message


def test_a_version_may_be_a_day() -> None:
    """Numbers may skip, so people count by the calendar."""
    assert read_policy({**PLAIN, "version": 2026_03_02}).version == 2026_03_02


def test_a_document_that_is_no_mapping_is_refused() -> None:
    """A list or a text is no policy."""
    nonsense: tuple[object, ...] = ([], "policy", None)
    for document in nonsense:
        with pytest.raises(BadPolicy):
            read_policy(document)


def test_the_schema_lists_every_key() -> None:
    """Editors can complete a policy."""
    assert set(policy_schema()["properties"]) == {
        "policy",
        "version",
        "criteria",
        "order",
        "currency",
        "constraints",
        "packing",
        "scarcity-days",
        "daily-work",
        "applies-to",
        "priorities",
    }
