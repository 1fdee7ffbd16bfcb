"""What a planner reads: numbers with units, lists that end, honest words for what is unknown."""

from decimal import Decimal

import pytest

from domain.handlers.explaining.decided import decisions_of
from domain.handlers.explaining.reduced import reduced
from domain.handlers.explaining.shape import CriterionValue, Explanation, Named
from domain.handlers.explaining.telling import explain
from domain.handlers.explaining.words import amount, labels, measure
from tests.domain.explaining.networks import BY_NAME, Network


def explained(seeds: range) -> list[Explanation]:
    """Return the explanations of all orders of some networks."""
    found = []
    for seed in seeds:
        network = Network(seed)
        for _ in range(20):
            network.step()
        for order in network.orders:
            found += [told for _, told in network.world.remade(f"order:{order}", BY_NAME)]
    return found


@pytest.mark.parametrize(
    ("criterion", "value", "unit", "told"),
    [
        ("distance", "12.437", "km", "12.4 km"),
        ("fulfilments", "1", "fulfilments", "1 fulfilment"),
        ("parcels", "3", "parcels", "3 parcels"),
        ("shipping-cost", "4.9", "GBP", "4.90 GBP"),
        ("backlog", "0.25", "days", "0.25 days"),
        ("unfilled", "10", "units", "10 units"),
    ],
)
def test_values_carry_their_unit(criterion: str, value: str, unit: str, told: str) -> None:
    """Singular and plural, money with two decimals, kilometres with one."""
    assert measure(criterion, Decimal(value), unit) == told
    assert told in amount(CriterionValue(criterion, Decimal(value), unit))


def test_long_lists_end_with_a_count() -> None:
    """Five names, then how many more; never `1 more`, which is no shorter than the name."""
    many = [Named(f"L{n}", f"Place {n}") for n in range(12)]
    assert labels(many[:1]) == "Place 0 (L0)"
    assert labels(many[:2]) == "Place 0 (L0) and Place 1 (L1)"
    assert labels(many[:6]).endswith("Place 4 (L4) and Place 5 (L5)")
    assert labels(many).endswith("Place 4 (L4) and 7 more")


def test_every_decision_has_something_to_say() -> None:
    """Sentences end, are short, and name each place that was chosen and each line that is short."""
    told = explained(range(12))
    assert len(told) > 30
    for one in told:
        for group in one.groups:
            text = "\n".join(group.sentences)
            assert all(s.endswith(".") and len(s) < 700 for s in group.sentences)
            assert all(f"{chosen.location.name} was chosen for" in text for chosen in group.chosen)
            assert text.count("could not be found") == len(group.short)
            assert text.count("Runner-up ") == len(group.runners_up)


def test_what_cannot_be_made_again_is_told_as_far_as_the_event_goes() -> None:
    """Who was excluded only as numbers, the sums of figures, runners-up and what was chosen."""
    network = Network(5)
    for _ in range(20):
        network.step()
    compared = 0
    for order in network.orders:
        stream = f"order:{order}"
        events = [one for one in network.world.entries if one.stream == stream]
        for decided, (again, full) in zip(
            decisions_of(events), network.world.remade(stream, BY_NAME), strict=True
        ):
            less = explain(decided, again.request, again.facts, None)
            compared += 1
            assert less.summary == full.summary
            assert sum(one.count for one in less.excluded) == sum(
                one.locations for one in decided.decision.exclusions
            )
            for mine, theirs in zip(less.groups, full.groups, strict=True):
                assert mine.chosen == theirs.chosen
                assert [one.lost_by for one in mine.runners_up] == [
                    one.lost_by for one in theirs.runners_up
                ]
                assert mine.excluded == ()
    assert compared > 3


def test_a_channel_is_told_no_names_of_places_it_does_not_use() -> None:
    """Whatever happened, the reduced explanation names what was chosen and nobody else."""
    for full in explained(range(20, 28)):
        less = reduced(full)
        chosen = {one.location.location_id for group in less.groups for one in group.chosen}
        rivals = {
            one.location_id
            for group in less.groups
            for other in group.runners_up
            for one in other.locations
        }
        for group in less.groups:
            assert not any(one.locations for one in group.excluded)
            named = {word.strip(".,:") for s in group.sentences for word in s.split()}
            assert {word for word in named if word[:1] == "L" and word[1:].isdigit()} <= (
                chosen | rivals | {group.title.rpartition(" ")[2]}
            )
        assert (less.corrected, less.sentences) == ((), ())
