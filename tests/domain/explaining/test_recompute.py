"""A decision made again from the log alone is the one that its event keeps."""

from collections import Counter

import pytest

from tests.domain.explaining.networks import BY_NAME, Network

FEW = [range(20 * n, 20 * n + 20) for n in range(4)]
MANY = [pytest.param(range(80 * n, 80 * n + 80), marks=pytest.mark.long) for n in range(1, 6)]


@pytest.mark.parametrize("seeds", [*FEW, *MANY])
def test_every_decision_is_made_again_exactly(seeds: range) -> None:
    """Whatever was stale, corrected, booked, short, split or routed again."""
    seen: Counter[str] = Counter()
    for seed in seeds:
        network = Network(seed)
        for _ in range(25):
            network.step()
        for order in network.orders:
            for again, _ in network.world.remade(f"order:{order}", BY_NAME):
                assert again.differences == (), (seed, order)
                seen["decisions"] += 1
                seen[again.plan.decision.policies[0].policy] += 1
    assert seen["decisions"] > 60
    assert len(seen) > 4
