"""The simple rules do exactly what their names say, and keep every hard constraint."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.routing.constraints import eligible
from domain.routing.facts import RoutingFacts
from domain.routing.policy import DEFAULT_POLICY
from domain.routing.replay.rules import RULES, RuleStrategy
from domain.routing.replay.strategy import PolicyStrategy
from domain.routing.request import RoutingRequest
from tests.domain.routing.drafts import facts, group, line, location, request

Sent = dict[tuple[str, str], Decimal]


def sent(rule: str, asked: RoutingRequest, known: RoutingFacts) -> Sent:
    """Return what a rule sends by (line, location)."""
    found: Sent = {}
    for one in RuleStrategy(rule, DEFAULT_POLICY).decide(asked, known).allocations:
        key = one.line_id, one.location_id
        found[key] = found.get(key, Decimal(0)) + one.quantity
    return found


def test_nearest_fills_each_line_from_the_nearest_with_stock() -> None:
    """Each line for itself, then from the next nearest, though one place had all of both."""
    known = facts({"I": {"A": 2, "B": 9}, "J": {"B": 9, "C": 1}})
    asked = request(line("I", 3), line("J", 1), of=known, candidates=("C", "B", "A"))
    assert sent("nearest", asked, known) == {("I", "A"): 2, ("I", "B"): 1, ("J", "B"): 1}


def test_first_follows_the_channels_order() -> None:
    """The first source with stock, however far."""
    known = facts({"I": {"A": 2, "B": 9, "C": 2}})
    asked = request(line("I", 3), of=known, candidates=("C", "B", "A"))
    assert sent("first", asked, known) == {("I", "C"): 2, ("I", "B"): 1}


def test_set_cover_takes_the_location_with_most_of_what_is_missing() -> None:
    """Greedily: 6 of B first, though A and C together would do without it."""
    known = facts({"I": {"A": 5, "B": 3}, "J": {"B": 3, "C": 5}})
    asked = request(line("I", 5), line("J", 5), of=known)
    taken = {("I", "B"): 3, ("J", "B"): 3, ("I", "A"): 2, ("J", "C"): 2}
    assert sent("set-cover", asked, known) == taken
    exact = PolicyStrategy(DEFAULT_POLICY).decide(asked, known)
    assert {one.location_id for one in exact.allocations} == {"A", "C"}


def test_of_equal_locations_set_cover_takes_the_nearest() -> None:
    """A tie of units goes to the nearer one."""
    known = facts({"I": {"A": 5, "B": 5}}, [location("A", east=9.0), location("B", east=1.0)])
    assert sent("set-cover", request(line("I", 4), of=known), known) == {("I", "B"): 4}


@pytest.mark.parametrize("rule", RULES)
def test_rules_keep_hard_constraints(rule: str) -> None:
    """Suspended, of another channel, or refused before: not used; `never` uses one location."""
    known = facts(
        {"I": dict.fromkeys("ABCDE", 4)},
        [
            location("A", suspended=True),
            location("B", channels=("other",)),
            location("C"),
            location("D", east=1.0),
            location("E", east=2.0),
        ],
    )
    asked = request(line("I", 7), of=known, excluded={"C": "refused-before"})
    assert sent(rule, asked, known) == {("I", "D"): 4, ("I", "E"): 3}
    whole = request(line("I", 7), of=known, excluded={"C": "refused-before"}, split="never")
    assert sent(rule, whole, known) == {("I", "D"): 4}


@pytest.mark.parametrize("rule", RULES)
def test_kits_and_lines_share_components(rule: str) -> None:
    """Two kits take four pieces, so that one of the five single units is left."""
    known = facts({"X": {"A": 5}})
    asked = request(line({"X": 2}, 2, line_id="pair"), line("X", 4, line_id="one"), of=known)
    assert sent(rule, asked, known) == {("pair", "A"): 2, ("one", "A"): 1}


@pytest.mark.parametrize("rule", RULES)
def test_a_second_group_gets_what_the_first_left(rule: str) -> None:
    """Groups are decided in their order."""
    known = facts({"I": {"A": 4}})
    asked = request(
        group(line("I", 3, line_id="one"), group_id="g1"),
        group(line("I", 3, line_id="two"), group_id="g2"),
        of=known,
    )
    assert sent(rule, asked, known) == {("one", "A"): 3, ("two", "A"): 1}


STOCK: Any = st.dictionaries(
    st.sampled_from("IJK"),
    st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 6), min_size=1),
    min_size=1,
)
WANTED = st.dictionaries(st.sampled_from("IJK"), st.integers(1, 9), min_size=1)


@pytest.mark.parametrize("rule", RULES)
@given(stock=STOCK, wanted=WANTED)
def test_no_rule_beats_the_exact_engine(
    rule: str, stock: dict[str, dict[str, int]], wanted: dict[str, int]
) -> None:
    """It sends as much, from candidates that have it, and never from fewer locations."""
    known = facts(stock)
    asked = request(*(line(item, units) for item, units in wanted.items()), of=known)
    exact = PolicyStrategy(DEFAULT_POLICY).decide(asked, known).allocations
    found = sent(rule, asked, known)
    able = set(eligible(asked, asked.groups[0], known, {}))
    for (item, place), units in found.items():
        assert place in able
        assert 0 < units <= stock[item][place]
    assert sum(found.values()) == sum(one.quantity for one in exact)
    assert len({place for _, place in found}) >= len({one.location_id for one in exact})
