"""The cheapest set of locations, however many: for criteria that put no count second.

With multipliers 0 <= y for the need, every completion of a set costs at least what is paid,
plus y times what is still needed, plus each reduced price p - y·a that is below 0 (Lagrangian
relaxation of set covering: M. L. Fisher, Management Science 27, 1981). Where a step may stay
unfilled at a price, y must not exceed it.
"""

from collections.abc import Sequence

from domain.routing.solver.descent import Descent, descend
from domain.routing.solver.market import Market, Need
from domain.routing.solver.masks import Masks, bits_of
from domain.routing.solver.problem import Budget


class Cheapest:
    """Depth first over the suppliers of the demand that has fewest, by rising reduced price."""

    def __init__(
        self,
        market: Market,
        worth: Sequence[int],
        penalties: Sequence[int] | None,
        most: int,
        budget: Budget,
    ) -> None:
        """Take the market in the order of reduced prices; `penalties` are of unfilled steps.

        Without penalties everything must be sent.
        """
        self.market, self.worth, self.penalties = market, worth, penalties
        self.most, self.budget = most, budget
        self.reduced = market.reduced(worth)
        self.masks = Masks(market.rows, market.need)
        self.below = sum([1 << i for i, price in enumerate(self.reduced) if price < 0])
        self.best: tuple[int, ...] | None = None
        self.price: int | None = None

    def run(self, beat: int | None) -> tuple[int, ...] | None:
        """Return the best set that costs less than `beat`, or None."""
        self.price = beat
        descend(self._extend(self.market.need, (), self.masks.everybody, self._worth_of_need()))
        return self.best

    def floor(self) -> int:
        """Return what every set costs at least."""
        return self._worth_of_need() + self._below(self.masks.everybody)

    def _worth_of_need(self) -> int:
        return sum([y * wanted for y, wanted in zip(self.worth, self.market.need, strict=True)])

    def _below(self, allowed: int) -> int:
        """Return the sum of the reduced prices below 0 of allowed candidates."""
        return sum([self.reduced[i] for i in bits_of(allowed & self.below)])

    def _extend(self, need: Need, chosen: Need, allowed: int, bound: int) -> Descent:
        """Serve what is still needed; `bound` is what is paid, and the worth of the need.

        Where units have a price, the last way is to send no more of the scarcest demand.
        """
        if not self.budget.spend():
            return
        if not any(need):
            yield self.take(chosen, allowed, bound)
            return
        d, suppliers = self._scarcest(need, allowed)
        inside = sum([1 << i for i in chosen])
        if len(chosen) < self.most:
            while suppliers:
                bit = suppliers & -suppliers
                suppliers ^= bit
                allowed ^= bit
                index = bit.bit_length() - 1
                if self._is_vain(bound + self.reduced[index] + self._below(allowed)):
                    break
                if self.market.rulers[index] & ~(allowed | inside):
                    continue
                smaller, higher = self._after(need, index, bound)
                if not self._is_vain(higher + self._below(allowed)):
                    yield self._extend(smaller, (*chosen, index), allowed, higher)
                if self.budget.spent:
                    return
        if self.penalties is not None:
            higher = bound + need[d] * (self.penalties[d] - self.worth[d])
            yield self._leave(need, chosen, allowed & ~self.masks.some[d], higher, d)

    def _leave(self, need: Need, chosen: Need, allowed: int, bound: int, d: int) -> Descent:
        """Send no more of a demand; what that costs is in the bound."""
        if not self._is_vain(bound + self._below(allowed)):
            yield self._extend((*need[:d], 0, *need[d + 1 :]), chosen, allowed, bound)

    def _after(self, need: Need, index: int, bound: int) -> tuple[Need, int]:
        """Return what is needed and the bound when a candidate is added."""
        row = self.market.rows[index]
        served = [min(wanted, cap) for wanted, cap in zip(need, row, strict=True)]
        bound += self.market.prices[index]
        bound -= sum([y * n for y, n in zip(self.worth, served, strict=True) if n])
        return tuple([n - less for n, less in zip(need, served, strict=True)]), bound

    def take(self, chosen: Need, _allowed: int, price: int) -> Descent:
        """Keep a set that serves the need; its bound is then its price."""
        yield from ()
        if not self._is_vain(price) and self.market.keeps_limits(chosen):
            self.best, self.price = chosen, price

    def _is_vain(self, price: int) -> bool:
        return self.price is not None and price >= self.price

    def _scarcest(self, need: Need, allowed: int) -> tuple[int, int]:
        """Return the open demand that has the fewest suppliers, and these."""
        open_ = [(self.masks.some[d] & allowed, d) for d, wanted in enumerate(need) if wanted]
        suppliers, d = min(open_, key=lambda one: (one[0].bit_count(), one[1]))
        return d, suppliers
