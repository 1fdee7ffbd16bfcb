"""Seeded routing problems in which all criteria and constraints are mixed."""

from dataclasses import dataclass, replace
from random import Random

from domain.routing.solver.problem import Demand, Offer, Problem, Term

Claims = tuple[dict[int, int], ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawn problem is at most."""

    locations: int
    demands: int
    steps: int


def draw(seed: int, size: Size) -> Problem:
    """Return the problem of a seed: policies, kits, carriers, parcels and scarcity at random."""
    random = Random(seed)  # noqa: S311 - repeatable cases, no secrets
    n = random.randint(1, size.locations)
    demands = _demands(random, size)
    caps = _caps(random, n, demands, size)
    k = len(demands)
    clusters: tuple[tuple[int, ...], ...] = ()
    claims: Claims = ()
    stock: Claims = ()
    if k > 1 and _happens(random, 30):
        members = tuple(range(random.randint(2, k)))
        clusters = (members,)
        claims = tuple({0: random.randint(1, 2)} if d in members else {} for d in range(k))
        stock = tuple({0: random.randint(0, 2 * size.steps)} for _ in range(n))
        caps = tuple(
            tuple(
                min(cap, stock[s][0] // claims[d][0]) if d in members else cap
                for d, cap in enumerate(row)
            )
            for s, row in enumerate(caps)
        )
    order = list(range(n))
    random.shuffle(order)
    weighs = _happens(random, 50)
    return Problem(
        demands=demands,
        caps=caps,
        terms=_terms(random, n),
        order=tuple(order),
        most=random.choice((n, n, n, min(2, n), 1)),
        clusters=clusters,
        claims=claims,
        stock=stock,
        scarcity=_scarcity(random, caps) if _happens(random, 30) else (),
        offers=_offers(random, n, k) if _happens(random, 60) else (),
        grams=tuple(random.choice((0, 1500, 2000, 3000)) for _ in range(n)) if weighs else (),
        cm3=tuple(random.choice((0, 0, 2500, 5000)) for _ in range(n)) if weighs else (),
    )


def _happens(random: Random, percent: int) -> bool:
    return random.randrange(100) < percent


def _demands(random: Random, size: Size) -> tuple[Demand, ...]:
    return tuple(
        Demand(
            quantity=random.randint(1, size.steps),
            weight=random.choice((1, 1, 1, 2, 3)),
            grams=random.choice((0, 100, 700, 1500)),
            cm3=random.choice((0, 500, 3000)),
        )
        for _ in range(random.randint(1, size.demands))
    )


def _caps(
    random: Random, n: int, demands: tuple[Demand, ...], size: Size
) -> tuple[tuple[int, ...], ...]:
    stocks = (0, 0, *range(1, size.steps + 1))
    return tuple(
        tuple(min(demand.quantity, random.choice(stocks)) for demand in demands) for _ in range(n)
    )


def _scarcity(
    random: Random, caps: tuple[tuple[int, ...], ...]
) -> tuple[tuple[tuple[int, ...], ...], ...]:
    return tuple(
        tuple(tuple(sorted(random.randint(0, 5) for _ in range(cap))) for cap in row)
        for row in caps
    )


def _offers(random: Random, n: int, k: int) -> tuple[tuple[Offer, ...], ...]:
    return tuple(
        tuple(_offer(random, k, index) for index in range(random.randint(1, 3))) for _ in range(n)
    )


def _offer(random: Random, k: int, index: int) -> Offer:
    bands = []
    grams = price = 0
    for _ in range(random.randint(0, 3)):
        grams += random.choice((200, 500, 1000, 3000))
        price += random.randint(0, 6)
        bands.append((grams, price))
    return Offer(
        days=random.randint(1, 4),
        bands=tuple(bands),
        divisor=random.choice((0, 0, 5000)),
        refuses=frozenset(d for d in range(k) if _happens(random, 15)),
        service=index,
    )


def _terms(random: Random, n: int) -> tuple[Term, ...]:
    nothing = (0,) * n
    some = [
        Term((1,) * n),
        Term(tuple(random.randint(0, 4) for _ in range(n))),
        Term(tuple(random.randint(0, 4) for _ in range(n))),
        Term(nothing, days=1),
        Term(nothing, parcels=1),
        Term(nothing, price=1),
        Term(nothing, scarcity=1),
    ]
    random.shuffle(some)
    some = some[: random.randint(1, 6)]
    if _happens(random, 30):
        return (_weighed(some, [random.randint(0, 3) for _ in some], random.choice((0, 1, 3, 20))),)
    tolerant = [
        replace(
            term,
            tolerance=random.choice((0, 0, 0, 1, 2)),
            share=random.choice((0, 0, 0, 100, 500)),
        )
        for term in some
    ]
    return (Term(nothing, unfilled=1), *tolerant)


def _weighed(terms: list[Term], weights: list[int], unfilled: int) -> Term:
    """Return the weighted sum of terms as one."""
    pairs = list(zip(terms, weights, strict=True))
    return Term(
        fixed=tuple(
            sum(weight * term.fixed[s] for term, weight in pairs)
            for s in range(len(terms[0].fixed))
        ),
        unfilled=unfilled,
        days=sum(weight * term.days for term, weight in pairs),
        parcels=sum(weight * term.parcels for term, weight in pairs),
        price=sum(weight * term.price for term, weight in pairs),
        scarcity=sum(weight * term.scarcity for term, weight in pairs),
    )
