"""The best set of one size that serves a need: depth first, cut off by reduced prices.

With multipliers y >= 0 for the need, every completion of a set costs at least what is paid,
plus y times what is still needed, plus the least reduced prices p - y·a of as many candidates
as are missing (Lagrangian relaxation: M. L. Fisher, Management Science 27, 1981). All in
whole numbers, so that no bound is ever too high.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from domain.routing.solver.market import Market, Need
from domain.routing.solver.masks import Masks, bits_of
from domain.routing.solver.problem import Budget

PAIR: Final = 2
"""The last two are tried out: that is quicker than bounding them."""

CHEAP: Final = 8
"""So many candidates are looked at in the time of one step."""

SURELY_LESS: Final = 1 - 1e-9
"""Shares are floating-point numbers: what is this close is searched."""


class Search:
    """Sets of one size over candidates whose reduced prices rise with their numbers."""

    def __init__(self, market: Market, masks: Masks, worth: Sequence[int], budget: Budget) -> None:
        """Take the market, its masks, and multipliers by demand; none where prices are plain."""
        self.market, self.masks, self.worth, self.budget = market, masks, worth, budget
        self.reduced = market.reduced(worth) if worth else market.prices
        self.best: tuple[int, ...] | None = None
        self.price: int | None = None

    @cached_property
    def offers(self) -> list[list[tuple[int, int]]]:
        """By candidate, demand and amount where it has any."""
        return [[(d, cap) for d, cap in enumerate(row) if cap] for row in self.market.rows]

    def run(self, size: int, beat: int | None = None) -> tuple[int, ...] | None:
        """Return the best set of the size that is cheaper than `beat`, or None."""
        self.price = beat
        need = self.market.need
        self._extend(need, (), self.masks.everybody, size, self.floor(0))
        return self.best

    def floor(self, size: int) -> int:
        """Return what every set of a size costs at least."""
        worth = sum([y * wanted for y, wanted in zip(self.worth, self.market.need, strict=False)])
        return worth + self._least(self.masks.everybody, size)

    def _extend(self, need: Need, chosen: Need, allowed: int, left: int, bound: int) -> None:
        """Add `left` candidates of the mask `allowed` to serve what is still needed.

        `bound` is what `chosen` costs, and the worth of the need.
        """
        if not self.budget.spend():
            return
        if left == 1:
            self._finish(chosen, self.masks.whole(need, allowed), bound)
            return
        suppliers = self._suppliers(need, allowed, left)
        if left == PAIR:
            self._finish_pairs(need, chosen, (allowed, suppliers), bound)
            return
        inside = sum([1 << i for i in chosen])
        while suppliers:
            bit = suppliers & -suppliers
            suppliers ^= bit
            allowed ^= bit
            index = bit.bit_length() - 1
            if self._is_vain(bound + self.reduced[index] + self._least(allowed, left - 1)):
                return
            if self.market.rulers[index] & ~(allowed | inside):
                continue
            smaller, higher = self._after(need, index, bound)
            self._extend(smaller, (*chosen, index), allowed, left - 1, higher)
            if self.budget.spent:
                return

    def _after(self, need: Need, index: int, bound: int) -> tuple[Need, int]:
        """Return what is needed and the bound when a candidate is added."""
        smaller, worth = list(need), self.worth
        bound += self.market.prices[index]
        for d, cap in self.offers[index]:
            wanted = smaller[d]
            if wanted:
                served = cap if cap < wanted else wanted  # noqa: FURB136 - min() is a call
                smaller[d] = wanted - served
                if worth:
                    bound -= served * worth[d]
        return tuple(smaller), bound

    def _finish_pairs(self, need: Need, chosen: Need, masks: tuple[int, int], bound: int) -> None:
        """Add pairs: one of the suppliers and, for each, the best other that completes it."""
        allowed, suppliers = masks
        enough, inside = self.masks.enough, sum([1 << i for i in chosen])
        reduced, rows, rulers = self.reduced, self.market.rows, self.market.rulers
        wanted = [(d, n, enough(d, n)) for d, n in enumerate(need) if n]
        self.budget.left -= suppliers.bit_count() // CHEAP
        while suppliers:
            bit = suppliers & -suppliers
            suppliers ^= bit
            allowed ^= bit
            index = bit.bit_length() - 1
            if self.price is not None:
                next_one = reduced[(allowed & -allowed).bit_length() - 1] if allowed else 0
                if bound + reduced[index] + next_one >= self.price:
                    return
            if rulers[index] & ~(allowed | inside):
                continue
            row, fit = rows[index], allowed
            for d, n, alone in wanted:
                cap = row[d]
                if not cap:
                    fit &= alone
                elif cap < n:
                    fit &= enough(d, n - cap)
                if not fit:
                    break
            if fit:
                self._finish((*chosen, index), fit, self._after(need, index, bound)[1])

    def _finish(self, chosen: Need, allowed: int, bound: int) -> None:
        """Add candidates of the mask, each of which completes the set."""
        prices = self.market.prices
        paid = sum([prices[i] for i in chosen])
        for index in bits_of(allowed):
            if self._is_vain(bound + self.reduced[index]):
                return
            total = paid + prices[index]
            if not self._is_vain(total) and self.market.keeps_limits((*chosen, index)):
                self.best, self.price = (*chosen, index), total

    def _is_vain(self, price: int) -> bool:
        return self.price is not None and price >= self.price

    def _least(self, allowed: int, count: int) -> int:
        """Return the least sum of so many reduced prices of allowed candidates."""
        total = 0
        for _ in range(count):
            if not allowed:
                break
            bit = allowed & -allowed
            allowed ^= bit
            total += self.reduced[bit.bit_length() - 1]
        return total

    def _suppliers(self, need: Need, allowed: int, left: int) -> int:
        """Return the suppliers of the open demand that has fewest; none where it is in vain."""
        fewest = found = 0
        for some, wanted in zip(self.masks.some, need, strict=True):
            if wanted:
                suppliers = some & allowed
                if not suppliers:
                    return 0
                count = suppliers.bit_count()
                if not found or count < fewest:
                    fewest, found = count, suppliers
        if not found:
            return allowed
        if left > PAIR and self.market.shares and not self._may_suffice(need, allowed, left):
            return 0
        return found

    def _may_suffice(self, need: Need, allowed: int, left: int) -> bool:
        """Say whether `left` candidates could serve the need, were its shares all that counts."""
        shares, offers = self.market.shares, self.offers
        self.budget.left -= allowed.bit_count() // CHEAP
        uses = []
        for index in bits_of(allowed):
            use = 0.0
            for d, cap in offers[index]:
                wanted = need[d]
                if wanted:
                    use += shares[d] * min(cap, wanted)
            if use:
                uses.append(use)
        uses.sort(reverse=True)
        wanted_shares = sum([n * share for n, share in zip(need, shares, strict=True)])
        return sum(uses[:left]) >= wanted_shares * SURELY_LESS
