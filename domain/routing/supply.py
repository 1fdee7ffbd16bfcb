"""What candidates have of what is wanted: by demand, in whole steps."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.routing.demands import ONE, Wanted
from domain.routing.facts import ItemFacts
from domain.routing.terrain import Terrain

ZERO = Decimal(0)

Taken = Mapping[tuple[str, str], Decimal]
"""Quantity of (item, location) that earlier groups of the order took."""


class Supply:
    """Free quantities at the candidates of a terrain, less what was taken."""

    def __init__(self, items: Mapping[str, ItemFacts], terrain: Terrain, taken: Taken) -> None:
        """Take items, candidates and what earlier groups took."""
        self.items, self.terrain, self.taken = items, terrain, taken
        self._free: dict[str, dict[str, Decimal]] = {}

    def rows(self, wanted: Sequence[Wanted]) -> list[tuple[int, ...]]:
        """Return by candidate what it can send of each demand alone."""
        columns = [self._column(one) for one in wanted]
        return list(zip(*columns, strict=True)) or [()] * len(self.terrain.ids)

    def free(self, item: str) -> Mapping[str, Decimal]:
        """Return what candidates have left of an item, where they have anything."""
        free = self._free.get(item)
        if free is None:
            number = self.terrain.number
            known = self.items.get(item)
            stock = {} if known is None else known.stock
            free = {s: one.free for s, one in stock.items() if one.free and s in number}
            if self.taken:
                free = {s: have - self.taken.get((item, s), ZERO) for s, have in free.items()}
            self._free[item] = free
        return free

    def _column(self, one: Wanted) -> list[int]:
        (item, each), *others = one.usage
        if each == ONE and not others and not self.taken:
            return self._of_units(item, one.steps)
        number = self.terrain.number
        caps = [0] * len(number)
        for s, have in self.free(item).items():
            cap = int(have // each)
            for other, more in others:
                cap = min(cap, int(self.free(other).get(s, ZERO) // more))
            caps[number[s]] = max(0, min(cap, one.steps))
        return caps

    def _of_units(self, item: str, steps: int) -> list[int]:
        """Return the caps where a step is a unit of one item: what nearly every line wants."""
        number = self.terrain.number.get
        caps = [0] * len(self.terrain.ids)
        known = self.items.get(item)
        if known is None:
            return caps
        enough = Decimal(steps)
        for s, one in known.stock.items():
            have = one.free
            if have >= ONE and (at := number(s)) is not None:
                caps[at] = steps if have >= enough else int(have)
        return caps
