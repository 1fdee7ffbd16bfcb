"""The oracle of small problems: every plan there is, judged by the definition of each term."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple

from domain.routing.solver.problem import Problem

Sent = dict[tuple[int, int], int]
"""Steps by (location, demand)."""


class Plan(NamedTuple):
    """A plan by what decides: values of all terms, the size, the tie-break, the locations."""

    values: tuple[int, ...]
    size: int
    tie: tuple[int, ...]
    """Locations in ascending order: the first difference decides."""


def best(problem: Problem) -> Plan:
    """Return the best of all plans, narrowing them term by term."""
    plans = list(_plans(problem))
    last = len(problem.terms) - 1
    tolerated = []
    for t, term in enumerate(problem.terms):
        least = min(plan.values[t] for plan in plans)
        allowed = least
        if t < last:
            allowed += max(term.tolerance, least * term.share // 1000)
        plans = [plan for plan in plans if plan.values[t] <= allowed]
        if allowed > least:
            tolerated.append(t)
    return min(plans, key=lambda plan: ([plan.values[t] for t in tolerated], plan.size, plan.tie))


def _plans(problem: Problem) -> Iterator[Plan]:
    everything = range(len(problem.caps))
    for size in range(problem.most + 1):
        for chosen in combinations(everything, size):
            for sent in _ways(problem, chosen):
                yield from _judged(problem, chosen, sent)


def _ways(problem: Problem, chosen: Sequence[int]) -> Iterator[Sent]:
    cells = [(s, d) for s in chosen for d in range(len(problem.demands)) if problem.caps[s][d]]
    for steps in product(*(range(problem.caps[s][d] + 1) for s, d in cells)):
        sent = {cell: n for cell, n in zip(cells, steps, strict=True) if n}
        if {s for s, _ in sent} == set(chosen) and _is_possible(problem, sent):
            yield sent


def _is_possible(problem: Problem, sent: Sent) -> bool:
    for d, demand in enumerate(problem.demands):
        if sum(n for (_, other), n in sent.items() if other == d) > demand.quantity:
            return False
    for s, held in enumerate(problem.stock):
        for resource, free in held.items():
            taken = sum(
                n * problem.claims[d].get(resource, 0) for (at, d), n in sent.items() if at == s
            )
            if taken > free:
                return False
    return True


def _judged(problem: Problem, chosen: Sequence[int], sent: Sent) -> Iterator[Plan]:
    unfilled = sum(
        demand.weight * (demand.quantity - sum(n for (_, at), n in sent.items() if at == d))
        for d, demand in enumerate(problem.demands)
    )
    scarcity = 0
    if problem.scarcity:
        scarcity = sum(sum(problem.scarcity[s][d][:n]) for (s, d), n in sent.items())
    loads = [_load(problem, s, sent) for s in chosen]
    parcels = [_parcels(problem, s, *load) for s, load in zip(chosen, loads, strict=True)]
    for carried in product(*(_able(problem, s, sent) for s in chosen)):
        days = max((problem.offers[s][o].days for s, o in carried if problem.offers), default=0)
        prices = [
            _price(problem, s, o, load, count)
            for (s, o), load, count in zip(carried, loads, parcels, strict=True)
        ]
        if -1 in prices:
            continue
        values = tuple(
            sum(term.fixed[s] for s in chosen)
            + term.unfilled * unfilled
            + term.days * days
            + term.parcels * sum(parcels)
            + term.price * sum(prices)
            + term.scarcity * scarcity
            for term in problem.terms
        )
        yield Plan(values, len(chosen), tuple(chosen))


def _able(problem: Problem, s: int, sent: Sent) -> list[tuple[int, int]]:
    if not problem.offers:
        return [(s, 0)]
    present = {d for (at, d) in sent if at == s}
    return [(s, o) for o, offer in enumerate(problem.offers[s]) if not present & offer.refuses]


def _load(problem: Problem, s: int, sent: Sent) -> tuple[int, int]:
    mine = [(problem.demands[d], n) for (at, d), n in sent.items() if at == s]
    return sum(x.grams * n for x, n in mine), sum(x.cm3 * n for x, n in mine)


def _parcels(problem: Problem, s: int, grams: int, cm3: int) -> int:
    count = 1
    while problem.grams and problem.grams[s] and count * problem.grams[s] < grams:
        count += 1
    while problem.cm3 and problem.cm3[s] and count * problem.cm3[s] < cm3:
        count += 1
    return count


def _price(problem: Problem, s: int, o: int, load: tuple[int, int], parcels: int) -> int:
    """Return the price of an offer for a load, or -1 where it does not carry it."""
    offer = problem.offers[s][o] if problem.offers else None
    if offer is None or not offer.bands:
        return 0
    grams, cm3 = load
    for most, price in offer.bands:
        heavy = grams > most * parcels
        large = offer.divisor and cm3 * 1000 > most * parcels * offer.divisor
        if not heavy and not large:
            return price * parcels
    return -1
