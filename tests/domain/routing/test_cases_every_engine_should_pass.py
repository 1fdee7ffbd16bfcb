"""Small cases whose answer anybody can see."""

from dataclasses import replace
from decimal import Decimal

from domain.routing.engine import route
from domain.routing.facts import NO_FACTS
from domain.routing.policy import Criterion, Policy
from tests.domain.routing.drafts import (
    HERE,
    facts,
    figure,
    group,
    line,
    location,
    request,
    sent,
    short,
)


def test_one_location_that_has_all_sends_all() -> None:
    """With 10 and 15 in stock, 13 come from the second alone, never 23 from both."""
    known = facts({"I": {"A": 10, "B": 15}})
    plan = route(request(line("I", 13), of=known), known)
    assert sent(plan) == {("I", "B"): 13}
    assert plan.shortages == ()


def test_two_near_ones_replace_a_far_one_only_where_distance_comes_first() -> None:
    """10 and 3 near by, or 15 far away, for 13: one parcel, unless distance matters more.

    With the two of them alone it is the second under either policy: to add the first to it
    would never be nearer.
    """
    near_first = Policy("near", 1, (Criterion("unfilled"), Criterion("distance")))
    policies = {
        "g1": replace(near_first, criteria=(*near_first.criteria, Criterion("fulfilments")))
    }
    known = facts(
        {"I": {"A": 10, "B": 3, "C": 15}}, [location("A"), location("B"), location("C", east=9.0)]
    )
    asked = request(line("I", 13), of=known)
    assert sent(route(asked, known)) == {("I", "C"): 13}
    assert sent(route(asked, known, policies=policies)) == {("I", "A"): 10, ("I", "B"): 3}
    two = facts({"I": {"A": 10, "C": 15}})
    asked = request(line("I", 13), of=two)
    assert sent(route(asked, two, policies=policies)) == {("I", "C"): 13}


def test_the_smallest_sufficient_location_is_found() -> None:
    """With 2, 4 and 5 in stock, 5 come from the third alone."""
    known = facts({"I": {"A": 2, "B": 4, "C": 5}})
    assert sent(route(request(line("I", 5), of=known), known)) == {("I", "C"): 5}


def test_three_locations_where_three_are_needed() -> None:
    """With 3, 3 and 3 in stock, 9 come from all three."""
    known = facts({"I": {"A": 3, "B": 3, "C": 3}})
    plan = route(request(line("I", 9), of=known), known)
    assert sent(plan) == {("I", "A"): 3, ("I", "B"): 3, ("I", "C"): 3}


def test_two_locations_send_exactly_what_is_wanted() -> None:
    """With 5 and 5 in stock, 8 come from two: 5 from the nearer one and 3 from the other."""
    known = facts({"I": {"A": 5, "B": 5}})
    plan = route(request(line("I", 8), of=known), known)
    assert sent(plan) == {("I", "A"): 5, ("I", "B"): 3}
    assert figure(plan, "fulfilments") == 2


def test_a_location_that_does_not_serve_the_channel_is_never_used() -> None:
    """Its stock counts for nothing, and the decision says so."""
    known = facts(
        {"I": {"A": 9, "B": 3}}, [location("A", channels=("shops",)), location("B", east=5.0)]
    )
    plan = route(request(line("I", 4), of=known), known)
    assert sent(plan) == {("I", "B"): 3}
    assert short(plan) == {"I": 1}
    assert [(e.reason, e.locations) for e in plan.decision.exclusions] == [
        ("channel-not-served", 1)
    ]


def test_unknown_distance_sorts_last() -> None:
    """A location nobody can place is used only where no other will do."""
    known = facts({"I": {"A": 5, "B": 5}}, [location("A", east=None), location("B", east=170.0)])
    plan = route(request(line("I", 4), of=known), known)
    assert sent(plan) == {("I", "B"): 4}
    both = route(request(line("I", 10), of=known), known)
    assert sent(both) == {("I", "B"): 5, ("I", "A"): 5}
    assert figure(both, "unknown-distances") == 1


def test_an_unknown_destination_breaks_nothing() -> None:
    """Fewest fulfilments still decide, and the first candidate wins a tie."""
    known = facts({"I": {"A": 5, "B": 9, "C": 9}})
    nowhere = group(line("I", 7), destination=HERE.__class__("DE"))
    plan = route(request(nowhere, of=known), known)
    assert sent(plan) == {("I", "B"): 7}
    assert plan.decision.runners_up[0].lost_by == "candidate-order"


def test_coordinates_come_from_postal_codes_where_a_place_has_none() -> None:
    """A destination known by its postal code alone is measured from there."""
    known = facts(
        {"I": {"A": 5, "B": 5}},
        [location("A", east=1.0), location("B", east=20.0)],
        coordinates={("DE", "01067"): (50.0, 28.0)},
    )
    there = group(line("I", 2), destination=HERE.__class__("DE", postal_code="01067"))
    assert sent(route(request(there, of=known), known)) == {("I", "B"): 2}


def test_every_excluded_location_has_its_reason() -> None:
    """Unknown, suspended, refused before, unable: each is counted once, the rest is used."""
    known = facts(
        {"I": dict.fromkeys("ABCDE", 9)},
        [
            location("A", suspended=True),
            location("B"),
            location("C", capabilities=("pickup",)),
            location("E", east=9.0),
        ],
    )
    asked = request(
        line("I", 1), of=known, candidates=tuple("ABCDE"), excluded={"B": "refused-before"}
    )
    plan = route(asked, known)
    assert sent(plan) == {("I", "E"): 1}
    assert {e.reason: e.locations for e in plan.decision.exclusions} == {
        "suspended": 1,
        "refused-before": 1,
        "capability-missing": 1,
        "unknown-location": 1,
    }


def test_a_pick_up_uses_its_store_alone() -> None:
    """What the store lacks is short, though others have it."""
    known = facts({"I": {"A": 9, "S": 2}})
    for method in ("pickup", "reserve"):
        asked = request(group(line("I", 3), method=method, store="S"), of=known)
        plan = route(asked, known)
        assert sent(plan) == {("I", "S"): 2}
        assert short(plan) == {"I": 1}


def test_groups_share_what_there_is_in_their_order() -> None:
    """A second group gets what the first one left."""
    known = facts({"I": {"A": 4, "B": 3}})
    asked = request(
        group(line("I", 4, line_id="one"), group_id="g1"),
        group(line("I", 4, line_id="two"), group_id="g2"),
        of=known,
    )
    plan = route(asked, known)
    assert sent(plan) == {("one", "A"): 4, ("two", "B"): 3}
    assert short(plan) == {"two": 1}
    assert figure(plan, "unfilled") == 1


def test_lines_of_one_item_share_its_stock() -> None:
    """Two lines of the same item never get more than there is."""
    known = facts({"I": {"A": 5}})
    plan = route(request(line("I", 3, line_id="one"), line("I", 4, line_id="two"), of=known), known)
    assert sent(plan) == {("one", "A"): 3, ("two", "A"): 2}
    assert short(plan) == {"two": 2}


def test_a_kit_comes_whole_from_one_location() -> None:
    """Components at different places make no kit."""
    known = facts({"X": {"A": 4, "B": 1}, "Y": {"A": 1, "B": 9, "C": 9}})
    plan = route(request(line({"X": 1, "Y": 1}, 3, line_id="kit"), of=known), known)
    assert sent(plan) == {("kit", "A"): 1, ("kit", "B"): 1}
    assert short(plan) == {"kit": 1}


def test_kits_and_lines_compete_for_a_component() -> None:
    """Of 4 pieces, 4 single units serve more units than 2 kits of two."""
    known = facts({"X": {"A": 4}})
    plan = route(
        request(line({"X": 2}, 2, line_id="pair"), line("X", 4, line_id="one"), of=known), known
    )
    assert sent(plan) == {("one", "A"): 4}
    assert short(plan) == {"pair": 2}


def test_lines_that_must_not_be_split_come_whole_or_not_at_all() -> None:
    """Under `lines` 6 and 5 do not make 10, but each line may have its own location."""
    known = facts({"I": {"A": 6, "B": 5}, "J": {"A": 1, "B": 7}})
    asked = request(line("I", 10), line("J", 7), of=known, split="lines")
    plan = route(asked, known)
    assert sent(plan) == {("J", "B"): 7}
    assert short(plan) == {"I": 10}


def test_a_group_that_must_not_be_split_comes_from_the_location_with_most() -> None:
    """Under `never` one location sends what it has."""
    known = facts({"I": {"A": 6, "B": 5}, "J": {"A": 1, "B": 7}})
    plan = route(request(line("I", 10), line("J", 7), of=known, split="never"), known)
    assert sent(plan) == {("I", "B"): 5, ("J", "B"): 7}
    assert short(plan) == {"I": 5}


def test_whole_or_nothing_allocates_nothing_where_a_unit_is_missing() -> None:
    """All is short, and the decision counts all units as unfilled."""
    known = facts({"I": {"A": 6}})
    asked = request(line("I", 6), line("J", 1), of=known, whole_or_nothing=True)
    plan = route(asked, known)
    assert plan.allocations == ()
    assert short(plan) == {"I": 6, "J": 1}
    assert figure(plan, "unfilled") == 7


def test_quantities_are_multiples_of_their_step() -> None:
    """0.7 m in stock serve 0.5 m of a cloth sold by the quarter metre... and not more."""
    known = facts({"cloth": {"A": "0.7", "B": "0.6"}})
    plan = route(request(line("cloth", "1.25", step=Decimal("0.25")), of=known), known)
    assert sent(plan) == {("cloth", "A"): Decimal("0.5"), ("cloth", "B"): Decimal("0.5")}
    assert short(plan) == {"cloth": Decimal("0.25")}


def test_the_runners_up_say_by_what_they_lost() -> None:
    """The next best single locations lose by distance, a pair by fulfilments."""
    known = facts({"I": {"A": 9, "B": 9, "C": 5, "D": 4}})
    plan = route(request(line("I", 9), of=known), known)
    assert sent(plan) == {("I", "A"): 9}
    assert [(a.locations, a.lost_by) for a in plan.decision.runners_up] == [
        (("B",), "distance"),
        (("C", "D"), "fulfilments"),
    ]


def test_no_facts_at_all_leave_everything_short() -> None:
    """Nothing known is nothing allocated, and no error."""
    asked = request(line("I", 2), of=NO_FACTS, candidates=("A",))
    plan = route(asked, NO_FACTS)
    assert plan.allocations == ()
    assert short(plan) == {"I": 2}
    assert plan.decision.gap == 0
