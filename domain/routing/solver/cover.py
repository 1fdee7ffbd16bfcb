"""The fewest locations that send everything, then the best of those: the search for many places.

Demands that do not compete, criteria that locations alone decide: then a plan is a set of
locations that covers what is needed, and sets of one size are searched with bit masks.
"""

from bisect import insort
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from domain.routing.solver import few
from domain.routing.solver.alone import counts_second
from domain.routing.solver.duals import least_count
from domain.routing.solver.filling import fill
from domain.routing.solver.judging import fixed_sums
from domain.routing.solver.loading import carriers_limit
from domain.routing.solver.problem import Budget, Choice, Measure, Problem
from domain.routing.solver.ranking import fewest_for, prices_of

KEPT: Final = 4
"""The best set and three more are remembered, for those who ask what else there was."""

PAIR: Final = 2
"""The last two locations are tried out: that is quicker than bounding them."""

FEW_DEMANDS: Final = 12
"""With more demands, bounds by multipliers save more than they cost."""

HARDLY: Final = 1_000
"""A demand that is worth nothing to the bound still counts a little."""

CHEAP: Final = 8
"""So many candidates are looked at in the time of one step."""

SURELY_LESS: Final = 1 - 1e-9
"""Shares are floating-point numbers: what is this close is searched."""

Limits = Sequence[tuple[Sequence[int], int]]
"""By earlier term: what each location adds, and the most that all may add."""


def cover(problem: Problem, banned: frozenset[int], limit: int) -> Choice | None:
    """Return the best choice, or None where this search does not apply or finds none."""
    if not applies(problem):
        return None
    allowed = [s for s in range(len(problem.caps)) if s not in banned and any(problem.caps[s])]
    need = [
        min(demand.quantity, sum([problem.caps[s][d] for s in allowed]))
        for d, demand in enumerate(problem.demands)
    ]
    if len(allowed) <= few.FEW and not any(term.tolerance or term.share for term in problem.terms):
        return _among_few(problem, allowed, need)
    search = _Cover(problem, allowed, need, Budget(limit))
    found = search.run()
    if found is None:
        return None
    others = tuple([tuple(sorted(other)) for other in search.others])
    return replace(covering(problem, found), gap=search.gap, others=others)


def _among_few(problem: Problem, allowed: Sequence[int], need: Sequence[int]) -> Choice | None:
    """Return the best choice among few locations, with those that follow it."""
    wanted = [d for d, steps in enumerate(need) if steps]
    if not wanted:
        return covering(problem, ())
    prices = prices_of(len(problem.caps), allowed, [term.fixed for term in problem.terms[2:]])
    ranked = sorted(allowed, key=prices.__getitem__)
    caps = [[min(problem.caps[s][d], need[d]) for d in wanted] for s in ranked]
    least = max([fewest_for([row[i] for row in caps], need[d]) for i, d in enumerate(wanted)])
    sets = few.Few([need[d] for d in wanted], caps, [prices[s] for s in ranked]).best(
        least, min(problem.most, len(ranked))
    )
    if not sets:
        return None
    best, *others = [tuple(sorted([ranked[i] for i in chosen])) for chosen in sets]
    return replace(covering(problem, best), others=tuple(others))


def covering(problem: Problem, chosen: Sequence[int]) -> Choice:
    """Return what a set of locations sends, the nearest first, and the values of the terms."""
    nearest = sorted(chosen, key=problem.order.__getitem__)
    unfilled, cells = fill(problem, nearest, Budget(0))
    measure = Measure(unfilled=unfilled)
    values = [
        term.value(total, measure)
        for term, total in zip(problem.terms, fixed_sums(problem, chosen), strict=True)
    ]
    locations = tuple(sorted(chosen))
    return Choice(locations, tuple(cells), (0,) * len(locations), tuple(values), measure)


def applies(problem: Problem) -> bool:
    """Say whether plans are sets of locations, of which the smallest are best."""
    if problem.clusters or any(term.varies for term in problem.terms):
        return False
    return counts_second(problem) and not carriers_limit(problem)


class _Cover:
    """Sets of growing size, depth first over the suppliers of the scarcest open demand."""

    def __init__(
        self, problem: Problem, allowed: Sequence[int], need: Sequence[int], budget: Budget
    ) -> None:
        self.problem, self.allowed, self.budget = problem, allowed, budget
        self.open = [d for d, wanted in enumerate(need) if wanted]
        self.need = [need[d] for d in self.open]
        self.gap = 0.0
        self.others: list[tuple[int, ...]] = []

    def run(self) -> tuple[int, ...] | None:
        """Return the best set; None where more locations are needed than are allowed."""
        if not self.need:
            return ()
        found: tuple[int, ...] | None = None
        limits: list[tuple[tuple[int, ...], int]] = []
        terms = self.problem.terms
        last = len(terms) - 1
        size: int | None = None
        start = 2
        while size is None or start <= last:
            end = next((t for t in range(start, last) if _is_tolerant(self.problem, t)), last)
            deciding = [terms[t].fixed for t in range(start, end + 1)]
            if end >= last:
                deciding += [fixed for fixed, _ in limits]
            stage = _Stage(self, deciding, limits)
            if size is None:
                found = stage.smallest()
                size = None if found is None else len(found)
            else:
                found = stage.of_size(size) or found
            if found is None or size is None:
                return None
            sums = fixed_sums(self.problem, found)
            limits += [(terms[t].fixed, terms[t].allows(sums[t])) for t in range(start, end + 1)]
            start = end + 1
        return found


def _is_tolerant(problem: Problem, t: int) -> bool:
    return bool(problem.terms[t].tolerance or problem.terms[t].share)


class _Stage:
    """One stage over candidates sorted by one number that stands for all deciding terms."""

    def __init__(self, cover_: _Cover, deciding: Sequence[Sequence[int]], limits: Limits) -> None:
        self.cover = cover_
        problem, need, self.limits = cover_.problem, cover_.need, limits
        prices = prices_of(len(problem.caps), cover_.allowed, deciding)
        ranked = sorted(cover_.allowed, key=prices.__getitem__)
        self.names = self._worthwhile(ranked)
        self.prices = [prices[s] for s in self.names]
        self.caps = [self._row(s) for s in self.names]
        width = range(len(need))
        self.rows = [[(d, cap) for d, cap in enumerate(row) if cap] for row in self.caps]
        self.shares = [1.0 / n for n in need]
        self.suppliers = [_mask([row[d] > 0 for row in self.caps]) for d in width]
        self.enough: list[dict[int, int]] = [{} for _ in width]
        self.found: list[tuple[int, tuple[int, ...]]] = []
        self.enough_price: int | None = None

    def _row(self, s: int) -> tuple[int, ...]:
        caps = self.cover.problem.caps[s]
        return tuple(
            [min(caps[d], need) for d, need in zip(self.cover.open, self.cover.need, strict=True)]
        )

    def _worthwhile(self, ranked: Sequence[int]) -> list[int]:
        """Leave out each location that a better one makes useless.

        That one sends all that is needed of everything the former has: beside it the former
        adds nothing, without it the better one can take its place.
        """
        if self.limits or any(
            term.tolerance or term.share for term in self.cover.problem.terms[2:-1]
        ):
            return list(ranked)
        kept: list[int] = []
        complete: list[int] = []
        for s in ranked:
            row = self._row(s)
            has = full = 0
            for d, (cap, need) in enumerate(zip(row, self.cover.need, strict=True)):
                if cap:
                    has |= 1 << d
                    if cap == need:
                        full |= 1 << d
            if any(not has & ~other for other in complete):
                continue
            kept.append(s)
            if full and not any(not full & ~other for other in complete):
                complete.append(full)
        return kept

    def smallest(self) -> tuple[int, ...] | None:
        """Return the best of the smallest sets that serve the need, or None."""
        cover_ = self.cover
        least = max(
            [fewest_for([row[d] for row in self.caps], n) for d, n in enumerate(cover_.need)]
        )
        most = min(cover_.problem.most, len(self.names))
        greedy: tuple[int, ...] = ()
        if len(cover_.need) > FEW_DEMANDS:
            greedy, least = self._bracket(least)
        for size in range(least, most + 1):
            found = self.of_size(size)
            if found is not None:
                return found
            if cover_.budget.spent:
                greedy = greedy or self._greedy(self.shares)
                if len(greedy) > most:
                    return None
                cover_.gap = (len(greedy) - size) / len(greedy)
                return greedy
        return None

    def of_size(self, size: int) -> tuple[int, ...] | None:
        """Return the best set of exactly this size, or None."""
        self._extend(tuple(self.cover.need), (), (1 << len(self.names)) - 1, size, 0)
        if not self.found:
            return None
        if self.cover.budget.spent:
            ties = len(self.cover.problem.caps)
            high, low = self.found[0][0] >> ties, sum(self.prices[:size]) >> ties
            self.cover.gap = max(self.cover.gap, (high - low) / high if high > low else 0.0)
        sets = [tuple([self.names[i] for i in chosen]) for _, chosen in self.found]
        self.cover.others = sets[1:]
        return sets[0]

    def _extend(
        self, need: tuple[int, ...], chosen: tuple[int, ...], allowed: int, left: int, price: int
    ) -> None:
        """Add `left` candidates of the mask `allowed` to serve what is still needed."""
        if not self.cover.budget.spend():
            return
        if left == 1:
            for d, wanted in enumerate(need):
                allowed &= self._enough(d, wanted) if wanted else allowed
            self._finish(chosen, allowed, price)
            return
        suppliers = self._suppliers(need, allowed, left, price)
        if left == PAIR:
            self._finish_pairs(need, chosen, (allowed, suppliers), price)
            return
        rest = allowed
        while suppliers:
            bit = suppliers & -suppliers
            suppliers ^= bit
            rest ^= bit
            index = bit.bit_length() - 1
            paid = price + self.prices[index]
            if not self._is_worth(paid + (left - 1) * self._cheapest(rest)):
                return
            row = self.caps[index]
            smaller = tuple([n - cap if n > cap else 0 for n, cap in zip(need, row, strict=True)])
            self._extend(smaller, (*chosen, index), rest, left - 1, paid)
            if self.cover.budget.spent:
                return

    def _is_worth(self, price: int) -> bool:
        return self.enough_price is None or price < self.enough_price

    def _cheapest(self, allowed: int) -> int:
        return self.prices[(allowed & -allowed).bit_length() - 1] if allowed else 0

    def _finish_pairs(
        self, need: tuple[int, ...], chosen: tuple[int, ...], masks: tuple[int, int], price: int
    ) -> None:
        """Add pairs: one of the suppliers and, for each, the cheapest other that completes it."""
        rest, suppliers = masks
        enough = self._enough
        wanted = [(d, n, enough(d, n)) for d, n in enumerate(need) if n]
        self.cover.budget.left -= suppliers.bit_count()
        while suppliers:
            bit = suppliers & -suppliers
            suppliers ^= bit
            rest ^= bit
            index = bit.bit_length() - 1
            paid = price + self.prices[index]
            if not self._is_worth(paid + self._cheapest(rest)):
                return
            row, fit = self.caps[index], rest
            for d, n, alone in wanted:
                cap = row[d]
                if not cap:
                    fit &= alone
                elif cap < n:
                    fit &= enough(d, n - cap)
                if not fit:
                    break
            if fit:
                self._finish((*chosen, index), fit, paid)

    def _finish(self, chosen: tuple[int, ...], allowed: int, price: int) -> None:
        """Add candidates of the mask, each of which completes the set."""
        while allowed:
            bit = allowed & -allowed
            allowed ^= bit
            index = bit.bit_length() - 1
            total = price + self.prices[index]
            if not self._is_worth(total):
                return
            if self._keeps_limits((*chosen, index)):
                insort(self.found, (total, (*chosen, index)))
                del self.found[KEPT:]
                if len(self.found) == KEPT:
                    self.enough_price = self.found[-1][0]

    def _keeps_limits(self, chosen: tuple[int, ...]) -> bool:
        return all(
            sum([fixed[self.names[i]] for i in chosen]) <= most for fixed, most in self.limits
        )

    def _enough(self, d: int, wanted: int) -> int:
        """Return the mask of candidates that serve so much of a demand alone."""
        known = self.enough[d].get(wanted)
        if known is None:
            known = _mask([row[d] >= wanted for row in self.caps])
            self.enough[d][wanted] = known
        return known

    def _suppliers(self, need: tuple[int, ...], allowed: int, left: int, price: int) -> int:
        """Return the suppliers of the open demand that has fewest; none where it is in vain."""
        fewest = found = dearest = 0
        for d, wanted in enumerate(need):
            if not wanted:
                continue
            suppliers = self.suppliers[d] & allowed
            if not suppliers:
                return 0
            dearest = max(dearest, suppliers & -suppliers)
            count = suppliers.bit_count()
            if not found or count < fewest:
                fewest, found = count, suppliers
        if not found:
            return allowed
        least = price + self.prices[dearest.bit_length() - 1]
        if not self._is_worth(least + (left - 1) * self._cheapest(allowed)):
            return 0
        return found if left == PAIR or self._may_suffice(need, allowed, left) else 0

    def _may_suffice(self, need: tuple[int, ...], allowed: int, left: int) -> bool:
        """Say whether `left` candidates could serve the need, were its shares all that counts."""
        shares, rows = self.shares, self.rows
        self.cover.budget.left -= allowed.bit_count() // CHEAP
        uses = []
        while allowed:
            bit = allowed & -allowed
            allowed ^= bit
            use = 0.0
            for d, cap in rows[bit.bit_length() - 1]:
                wanted = need[d]
                if wanted:
                    use += shares[d] * min(cap, wanted)
            if use:
                uses.append(use)
        uses.sort(reverse=True)
        wanted_shares = sum([n * share for n, share in zip(need, shares, strict=True)])
        return sum(uses[:left]) >= wanted_shares * SURELY_LESS

    def _bracket(self, least: int) -> tuple[tuple[int, ...], int]:
        """Return a set that serves the need, and a size below which none does.

        The multipliers that prove the bound then weigh the demands.
        """
        plain = self._greedy(self.shares)
        most = max([sum([self.shares[d] * cap for d, cap in row]) for row in self.rows])
        start = [share / most for share in self.shares]
        count, worth = least_count(self.rows, self.cover.need, start, len(plain))
        self.shares = [max(w, share / HARDLY) for w, share in zip(worth, self.shares, strict=True)]
        weighed = self._greedy(self.shares)
        return min(plain, weighed, key=len), max(least, count)

    def _greedy(self, shares: Sequence[float]) -> tuple[int, ...]:
        """Return a set that serves the need: the most useful candidate first, none in vain."""
        need, chosen = list(self.cover.need), list[int]()
        rest = list(range(len(self.names)))
        while any(need):
            useful = [sum([min(need[d], cap) * shares[d] for d, cap in self.rows[i]]) for i in rest]
            index = rest.pop(useful.index(max(useful)))
            chosen.append(index)
            need = [max(0, n - cap) for n, cap in zip(need, self.caps[index], strict=True)]
        for index in reversed(chosen[:-1]):
            others = [i for i in chosen if i != index]
            if all(
                sum([self.caps[i][d] for i in others]) >= n for d, n in enumerate(self.cover.need)
            ):
                chosen = others
        return tuple([self.names[i] for i in chosen])


def _mask(flags: Sequence[bool]) -> int:
    mask = 0
    for index, flag in enumerate(flags):
        if flag:
            mask |= 1 << index
    return mask
