"""How goods are best spread over a given set of locations: parcels, carriers, scarce stock."""

from collections.abc import Sequence
from heapq import merge
from itertools import islice

from domain.routing.solver.filling import fill, most_steps
from domain.routing.solver.judging import Found, Key, Stage, fixed_sums, key_of
from domain.routing.solver.problem import NEVER, Budget, Cell, Measure, Offer, Problem


def spread(
    problem: Problem, stage: Stage, chosen: Sequence[int], budget: Budget, best: Key | None
) -> Found | None:
    """Return the best plan that uses exactly `chosen`, where it is better than `best`."""
    nearest = sorted(chosen, key=problem.order.__getitem__)
    if any(term.varies for term in problem.terms) or carriers_limit(problem):
        return _Spread(problem, stage, nearest, budget, best).run()
    unfilled, cells = fill(problem, nearest, budget)
    if len({s for s, _, _ in cells}) < len(chosen):
        return None
    measure = Measure(unfilled=unfilled)
    values = key_of(problem, stage, fixed_sums(problem, chosen), measure)
    if values is None:
        return None
    key = (*values, len(chosen), problem.tie(chosen))
    if best is not None and key >= best:
        return None
    locations = tuple(sorted(chosen))
    return Found(key, locations, tuple(cells), (0,) * len(locations), measure)


class _Load:
    """What a location sends so far, and bounds on what that costs in the end."""

    __slots__ = ("cm3", "days", "grams", "mask", "parcels", "price", "problem", "s", "units")

    def __init__(self, problem: Problem, s: int) -> None:
        self.problem = problem
        self.s = s
        self.grams = self.cm3 = self.mask = self.units = 0
        self.price = self.days = 0
        self.parcels = 1
        self.measure()

    def add(self, d: int, steps: int) -> None:
        """Load `steps` more of d (or unload); exact bounds follow from `measure`."""
        demand = self.problem.demands[d]
        self.grams += steps * demand.grams
        self.cm3 += steps * demand.cm3
        self.units += steps

    def measure(self) -> None:
        """Bound parcels, price and days from below, for this load and every greater one."""
        problem = self.problem
        self.parcels = problem.parcels(self.s, self.grams, self.cm3)
        if not problem.offers:
            return
        most = self.most_parcels()
        self.price, self.days = NEVER, NEVER
        for offer in problem.offers[self.s]:
            if any(self.mask >> d & 1 for d in offer.refuses):
                continue
            price = min(
                offer.price(self.grams, self.cm3, parcels)
                for parcels in range(self.parcels, most + 1)
            )
            if price < NEVER:
                self.price = min(self.price, price)
                self.days = min(self.days, offer.days)

    def most_parcels(self) -> int:
        """Return the parcels of all that the location could send."""
        caps = self.problem.caps[self.s]
        grams = sum(cap * x.grams for cap, x in zip(caps, self.problem.demands, strict=True))
        cm3 = sum(cap * x.cm3 for cap, x in zip(caps, self.problem.demands, strict=True))
        return self.problem.parcels(self.s, grams, cm3)

    def able(self) -> list[tuple[int, int, int]]:
        """Return (days, price, index) of the offers that carry exactly this load."""
        found = []
        for index, offer in enumerate(self.problem.offers[self.s]):
            if not any(self.mask >> d & 1 for d in offer.refuses):
                price = offer.price(self.grams, self.cm3, self.parcels)
                if price < NEVER:
                    found.append((offer.days, price, index))
        return found


class _Spread:
    """Depth first over demands and, for each, the locations from the nearest."""

    def __init__(
        self,
        problem: Problem,
        stage: Stage,
        nearest: Sequence[int],
        budget: Budget,
        best: Key | None,
    ) -> None:
        self.problem, self.stage, self.budget = problem, stage, budget
        self.nearest = nearest
        self.locations = tuple(sorted(nearest))
        self.sums = fixed_sums(problem, nearest)
        self.tail = (len(nearest), problem.tie(nearest))
        self.best = best
        self.found: Found | None = None
        self.loads = {s: _Load(problem, s) for s in nearest}
        self.clustered = {d for cluster in problem.clusters for d in cluster}
        self.stock = {s: dict(problem.stock[s]) if problem.stock else {} for s in nearest}
        self.flexible = flexible(problem)
        self.cells: list[Cell] = []
        self.seen: dict[object, list[tuple[int, int]]] = {}

    def run(self) -> Found | None:
        """Return the best plan, or None where none is better than the one known."""
        problem = self.problem
        reach = [sum(problem.caps[s][d] for s in self.nearest) for d in range(len(problem.demands))]
        self.amounts = [
            min(demand.quantity, total)
            for demand, total in zip(problem.demands, reach, strict=True)
        ]
        unfilled = sum(
            demand.weight * (demand.quantity - amount)
            for demand, amount in zip(problem.demands, self.amounts, strict=True)
        )
        self.places = [[s for s in self.nearest if problem.caps[s][d]] for d in range(len(reach))]
        self.turns = sorted(range(len(reach)), key=lambda d: (len(self.places[d]), d))
        self.rest = self._scarcity_to_come()
        self._next(0, unfilled, 0)
        return self.found

    def _scarcity_to_come(self) -> list[int]:
        """Return by turn the least scarcity of what must still be spread from there on."""
        rest = [0]
        for d in reversed(self.turns):
            least = 0
            if self.problem.scarcity and not self._may_fall_short(d):
                prices = merge(*(self.problem.scarcity[s][d] for s in self.places[d]))
                least = sum(islice(prices, self.amounts[d]))
            rest.append(rest[-1] + least)
        return rest[::-1]

    def _may_fall_short(self, d: int) -> bool:
        return self.flexible or d in self.clustered

    def _next(self, turn: int, unfilled: int, scarcity: int) -> None:
        """Spread the demand whose turn it is; the loads so far stand in `self.loads`."""
        if self._is_known(turn, unfilled, scarcity):
            return
        if turn == len(self.turns):
            self._judge(unfilled, scarcity)
            return
        self._place(turn, 0, self.amounts[self.turns[turn]], unfilled, scarcity)

    def _is_known(self, turn: int, unfilled: int, scarcity: int) -> bool:
        if self.clustered:
            return False
        state = (turn, *((x.grams, x.cm3, x.mask, x.units > 0) for x in self.loads.values()))
        others = self.seen.setdefault(state, [])
        if any(u <= unfilled and c <= scarcity for u, c in others):
            return True
        others.append((unfilled, scarcity))
        return False

    def _place(self, turn: int, index: int, left: int, unfilled: int, scarcity: int) -> None:
        problem, d = self.problem, self.turns[turn]
        places = self.places[d]
        if index == len(places) or left == 0:
            self._next(turn + 1, unfilled + left * problem.demands[d].weight, scarcity)
            return
        s = places[index]
        most = min(left, problem.caps[s][d])
        if d in self.clustered:
            most = most_steps(problem, left, self.stock[s], s, d)
        least = 0
        if not self._may_fall_short(d):
            least = max(0, left - sum(problem.caps[other][d] for other in places[index + 1 :]))
        load = self.loads[s]
        before = load.price, load.days, load.parcels, load.mask
        for steps in range(most, least - 1, -1):
            if not self.budget.spend() and (self.best is not None or steps != most):
                return
            self._load(load, d, steps)
            cost = scarcity + self._scarcity(s, d, steps)
            if self._may_win(turn, unfilled, cost):
                self._place(turn, index + 1, left - steps, unfilled, cost)
            self._load(load, d, -steps)
            load.price, load.days, load.parcels, load.mask = before

    def _load(self, load: _Load, d: int, steps: int) -> None:
        if not steps:
            return
        load.add(d, steps)
        if steps > 0:
            load.mask |= 1 << d
            load.measure()
            self.cells.append((load.s, d, steps))
        else:
            self.cells.pop()
        if d in self.clustered:
            for resource, each in self.problem.claims[d].items():
                self.stock[load.s][resource] -= steps * each

    def _scarcity(self, s: int, d: int, steps: int) -> int:
        return sum(self.problem.scarcity[s][d][:steps]) if self.problem.scarcity else 0

    def _may_win(self, turn: int, unfilled: int, scarcity: int) -> bool:
        loads = self.loads.values()
        price = sum(load.price for load in loads)
        if price >= NEVER:
            return False
        least = Measure(
            unfilled,
            max(load.days for load in loads),
            sum(load.parcels for load in loads),
            price,
            scarcity + self.rest[turn + 1],
        )
        key = key_of(self.problem, self.stage, self.sums, least)
        return key is not None and (self.best is None or (*key, *self.tail) < self.best)

    def _judge(self, unfilled: int, scarcity: int) -> None:
        loads = [self.loads[s] for s in self.locations]
        if not all(load.units for load in loads):
            return
        parcels = sum(load.parcels for load in loads)
        for days, price, offers in carried(self.problem, loads):
            measure = Measure(unfilled, days, parcels, price, scarcity)
            values = key_of(self.problem, self.stage, self.sums, measure)
            if values is None:
                continue
            key = (*values, *self.tail)
            if self.best is None or key < self.best:
                self.best = key
                self.found = Found(key, self.locations, tuple(self.cells), offers, measure)


def flexible(problem: Problem) -> bool:
    """Say whether it can pay to send less than there is, or carriers may force it."""
    first = problem.terms[0]
    if first.unfilled == 0 or first.varies or any(first.fixed):
        return True
    return carriers_limit(problem)


def carriers_limit(problem: Problem) -> bool:
    """Say whether there may be a load at some location that none of its carriers takes."""
    return any(
        offers and not any(_carries_all(problem, s, offer) for offer in offers)
        for s, offers in enumerate(problem.offers)
    )


def _carries_all(problem: Problem, s: int, offer: Offer) -> bool:
    """Say whether an offer takes every parcel that the packing rule makes."""
    if offer.refuses:
        return False
    return not offer.bands or (
        not offer.divisor and bool(problem.grams) and 0 < problem.grams[s] <= offer.bands[-1][0]
    )


def carried(problem: Problem, loads: Sequence[_Load]) -> list[tuple[int, int, tuple[int, ...]]]:
    """Return (days, price, offers) for each day the last parcel may arrive, cheapest each."""
    if not problem.offers:
        return [(0, 0, (0,) * len(loads))]
    able = [load.able() for load in loads]
    found = []
    for last in sorted({days for offers in able for days, _, _ in offers}):
        within = [
            [(price, days, i) for days, price, i in offers if days <= last] for offers in able
        ]
        if all(within):
            picked = [min(offers) for offers in within]
            found.append(
                (
                    max(days for _, days, _ in picked),
                    sum(price for price, _, _ in picked),
                    tuple(i for _, _, i in picked),
                )
            )
    return found
