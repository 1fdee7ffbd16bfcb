"""Routing by OR-Tools CP-SAT: the measure that our search is compared with, never used to route."""

from dataclasses import dataclass
from time import process_time
from typing import Any, Final

from ortools.sat.python import cp_model

from domain.routing.solver.problem import Offer, Problem, Term


@dataclass(frozen=True, slots=True)
class Answer:
    """The values of all terms, the locations used, and processor seconds, with the model's."""

    values: tuple[int, ...]
    locations: tuple[int, ...]
    seconds: float


class OutOfTime(TimeoutError):
    """CP-SAT did not prove its optimum in the time it was given."""


GREATEST: Final = 1 << 60
"""Expressions are merged into one weighted objective while it stays below."""

MOST_TIES: Final = 40
"""With more locations the tie-break does not fit into CP-SAT's numbers and is left out."""


@dataclass(slots=True)
class _Site:
    """A location's variables."""

    used: Any
    steps: list[Any]
    grams: Any
    cm3: Any
    parcels: Any
    price: Any
    scarcity: Any


class Model:
    """A problem as CP-SAT sees it: every term is a linear expression."""

    def __init__(self, problem: Problem) -> None:
        """Build the model."""
        self.problem = problem
        self.model: Any = cp_model.CpModel()
        self.last_day = self.model.new_int_var(0, 1_000, "days")
        self.sites = [self._site(s) for s in range(len(problem.caps))]
        self.model.add(sum(site.used for site in self.sites) <= problem.most)
        self.unfilled = self._unfilled()
        self.terms = [self._term(term) for term in problem.terms]
        self.greatest = [self._greatest(term) for term in problem.terms]

    def _site(self, s: int) -> _Site:
        model, problem = self.model, self.problem
        used = model.new_bool_var("")
        steps = [model.new_int_var(0, cap, "") if cap else 0 for cap in problem.caps[s]]
        for n, cap in zip(steps, problem.caps[s], strict=True):
            if cap:
                model.add(n <= cap * used)
        model.add(sum(steps) >= used)
        grams = sum(n * demand.grams for n, demand in zip(steps, problem.demands, strict=True))
        cm3 = sum(n * demand.cm3 for n, demand in zip(steps, problem.demands, strict=True))
        if problem.stock:
            for resource, free in problem.stock[s].items():
                taken = [n * problem.claims[d].get(resource, 0) for d, n in enumerate(steps)]
                model.add(sum(taken) <= free)
        packed = self._packed(s, used, grams, cm3)
        price = self._carry(s, used, packed, steps, grams, cm3)
        parcels_used = sum(n * chosen for n, chosen in enumerate(packed, start=1))
        return _Site(used, steps, grams, cm3, parcels_used, price, self._scarcity(s, steps))

    def _packed(self, s: int, used: Any, grams: Any, cm3: Any) -> list[Any]:
        """Return by number of parcels, from one, whether the load makes so many."""
        most = _most_parcels(self.problem, s)
        if most == 1:
            return [used]
        packed = [self.model.new_bool_var("") for _ in range(most)]
        self.model.add(sum(packed) == used)
        for parcels, chosen in enumerate(packed, start=1):
            self._pack(s, parcels, chosen, grams, cm3)
        return packed

    def _pack(self, s: int, parcels: int, chosen: Any, grams: Any, cm3: Any) -> None:
        """Say what it means that the load makes so many parcels, no fewer and no more."""
        model, problem = self.model, self.problem
        reasons = []
        bounds = (
            (problem.grams[s] if problem.grams else 0, grams),
            (problem.cm3[s] if problem.cm3 else 0, cm3),
        )
        for most, load in bounds:
            if not most:
                continue
            model.add(load <= most * parcels).only_enforce_if(chosen)
            if parcels > 1:
                reason = model.new_bool_var("")
                model.add(load > most * (parcels - 1)).only_enforce_if(reason)
                reasons.append(reason)
        if parcels > 1:
            model.add_bool_or(reasons).only_enforce_if(chosen)

    def _carry(
        self, s: int, used: Any, packed: list[Any], steps: list[Any], grams: Any, cm3: Any
    ) -> Any:
        """Choose an offer, a band and a number of parcels; return the price."""
        if not self.problem.offers:
            return 0
        model, price, options = self.model, 0, []
        for offer in self.problem.offers[s]:
            for most, cost in offer.bands or ((None, 0),):
                for parcels, is_packed in enumerate(packed, start=1):
                    option = model.new_bool_var("")
                    options.append(option)
                    price += option * cost * parcels
                    model.add_implication(option, is_packed)
                    model.add(self.last_day >= offer.days).only_enforce_if(option)
                    for d in offer.refuses:
                        model.add(steps[d] == 0).only_enforce_if(option)
                    if most is not None:
                        self._fit(offer, most * parcels, option, grams, cm3)
        model.add(sum(options) == used)
        return price

    def _fit(self, offer: Offer, most: int, option: Any, grams: Any, cm3: Any) -> None:
        self.model.add(grams <= most).only_enforce_if(option)
        if offer.divisor:
            self.model.add(cm3 * 1000 <= most * offer.divisor).only_enforce_if(option)

    def _scarcity(self, s: int, steps: list[Any]) -> Any:
        if not self.problem.scarcity:
            return 0
        total = 0
        for n, prices in zip(steps, self.problem.scarcity[s], strict=True):
            sums = [sum(prices[:taken]) for taken in range(len(prices) + 1)]
            cost = self.model.new_int_var(0, sums[-1], "")
            self.model.add_element(n, sums, cost)
            total += cost
        return total

    def _unfilled(self) -> Any:
        total = 0
        for d, demand in enumerate(self.problem.demands):
            short = self.model.new_int_var(0, demand.quantity, "")
            sent = sum(site.steps[d] for site in self.sites)
            self.model.add(sent + short == demand.quantity)
            total += demand.weight * short
        return total

    def _term(self, term: Term) -> Any:
        sites = self.sites
        return (
            sum(cost * site.used for cost, site in zip(term.fixed, sites, strict=True))
            + term.unfilled * self.unfilled
            + term.days * self.last_day
            + term.parcels * sum(site.parcels for site in sites)
            + term.price * sum(site.price for site in sites)
            + term.scarcity * sum(site.scarcity for site in sites)
        )

    def _greatest(self, term: Term) -> int:
        """Return a number that the term's value never exceeds."""
        problem = self.problem
        everything = range(len(problem.caps))
        parcels = [_most_parcels(problem, s) for s in everything]
        prices = [
            max((band[1] for offer in offers for band in offer.bands), default=0)
            for offers in problem.offers or [()] * len(parcels)
        ]
        scarcity = sum(sum(prices) for row in problem.scarcity for prices in row)
        return (
            sum(term.fixed)
            + term.unfilled * sum(x.weight * x.quantity for x in problem.demands)
            + term.days * 1_000
            + term.parcels * sum(parcels)
            + term.price * sum(n * price for n, price in zip(parcels, prices, strict=True))
            + term.scarcity * scarcity
        )


def solve(problem: Problem, seconds: float) -> Answer:
    """Return what CP-SAT proves to be best, stage by stage as our search does.

    Raises:
        OutOfTime: a stage was not proven in `seconds`.
    """
    started = process_time()
    built = Model(problem)
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = seconds
    last = len(problem.terms) - 1
    pending: list[tuple[Any, int]] = []
    tolerated: list[tuple[Any, int]] = []
    for t, term in enumerate(problem.terms):
        pending.append((built.terms[t], built.greatest[t]))
        if t < last and (term.tolerance or term.share):
            _minimise(built.model, solver, pending[:-1])
            _minimise(built.model, solver, pending[-1:], fix=False)
            best = round(solver.value(built.terms[t]))
            built.model.add(built.terms[t] <= term.allows(best))
            tolerated.append(pending[-1])
            pending = []
    n = len(built.sites)
    ties = []
    if n <= MOST_TIES:
        earliest = sum(site.used * (1 << (n - 1 - s)) for s, site in enumerate(built.sites))
        ties = [(sum(site.used for site in built.sites), n), ((1 << n) - earliest, 1 << n)]
    _minimise(built.model, solver, [*pending, *tolerated, *ties])
    return Answer(
        tuple(round(solver.value(term)) for term in built.terms),
        tuple(s for s, site in enumerate(built.sites) if solver.value(site.used)),
        seconds=process_time() - started,
    )


def _minimise(
    model: Any, solver: Any, expressions: list[tuple[Any, int]], *, fix: bool = True
) -> None:
    """Minimise expressions, each with its greatest value, in lexicographic order.

    As many as fit are merged into one objective; each objective is fixed before the next.
    """
    waiting = list(expressions)
    while waiting:
        merged, greatest = waiting.pop(0)
        while waiting and (greatest + 1) * (waiting[0][1] + 1) < GREATEST:
            expression, more = waiting.pop(0)
            merged = merged * (more + 1) + expression
            greatest = greatest * (more + 1) + more
        model.minimize(merged)
        status = solver.solve(model)
        if status in {cp_model.UNKNOWN, cp_model.FEASIBLE}:
            raise OutOfTime(f"no proof in {solver.parameters.max_time_in_seconds} s")
        if status != cp_model.OPTIMAL:
            raise AssertionError(f"{solver.status_name(status)}: {model.validate()[:200]}")
        if fix:
            model.add(merged <= round(solver.objective_value))


def _most_parcels(problem: Problem, s: int) -> int:
    grams = sum(
        cap * demand.grams for cap, demand in zip(problem.caps[s], problem.demands, strict=True)
    )
    cm3 = sum(
        cap * demand.cm3 for cap, demand in zip(problem.caps[s], problem.demands, strict=True)
    )
    return problem.parcels(s, grams, cm3)
