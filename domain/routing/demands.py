"""A delivery group's lines as demands in whole steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import lcm

from domain.routing.facts import RoutingFacts
from domain.routing.request import RoutingLine

ONE = Decimal(1)

Usage = tuple[tuple[str, Decimal], ...]
"""What one step takes of each item, in the item's unit."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Lines that want the same thing, or one bundle of lines that come together.

    `steps` are wanted of `usage` each. A bundle is one step of all its lines; else a step is
    one step of any of the lines. `units` is what a step counts for.
    """

    lines: tuple[RoutingLine, ...]
    steps: int
    usage: Usage
    units: Decimal
    bundle: bool = False

    def shares(self, sent: int, before: int) -> list[tuple[RoutingLine, Decimal]]:
        """Return what lines get of `sent` steps, when `before` went to the first lines already."""
        if self.bundle:
            return [(line, line.quantity) for line in self.lines] if sent else []
        found = []
        for line in self.lines:
            steps = int(line.quantity / line.step)
            skipped = min(before, steps)
            part = min(steps - skipped, sent)
            before -= skipped
            sent -= part
            if part:
                found.append((line, line.step * part))
        return found


def wanted_by(lines: Sequence[RoutingLine], split: str) -> tuple[Wanted, ...]:
    """Return the demands of lines: sets and, under `lines`, each line come as one bundle."""
    groups: dict[object, list[RoutingLine]] = {}
    for line in lines:
        key: object
        if line.set_id is not None:
            key = ("set", line.set_id)
        elif split == "lines":
            key = ("line", line.line_id)
        else:
            key = (usage_of(line, line.step), line.step)
        groups.setdefault(key, []).append(line)
    found = []
    for same in groups.values():
        first = same[0]
        if first.set_id is not None or split == "lines":
            units = sum((line.quantity for line in same), Decimal(0))
            found.append(Wanted(tuple(same), 1, _together(same), units, bundle=True))
        else:
            steps = sum(int(line.quantity / line.step) for line in same)
            found.append(Wanted(tuple(same), steps, usage_of(first, first.step), first.step))
    return tuple(found)


def usage_of(line: RoutingLine, quantity: Decimal) -> Usage:
    """Return what a quantity of a line takes of each item."""
    if len(line.parts) == 1:
        part = line.parts[0]
        return ((part.item_id, part.per_unit * quantity),)
    usage: dict[str, Decimal] = {}
    for part in line.parts:
        usage[part.item_id] = usage.get(part.item_id, Decimal(0)) + part.per_unit * quantity
    return tuple(sorted(usage.items()))


def _together(lines: Sequence[RoutingLine]) -> Usage:
    usage: dict[str, Decimal] = {}
    for line in lines:
        for item, quantity in usage_of(line, line.quantity):
            usage[item] = usage.get(item, Decimal(0)) + quantity
    return tuple(sorted(usage.items()))


def scale_of(values: Sequence[Decimal]) -> int:
    """Return the least whole number that makes every value whole."""
    return lcm(*(value.as_integer_ratio()[1] for value in values if value != ONE))


def grams_of(usage: Usage, facts: RoutingFacts, unknown: int) -> int:
    """Return a step's weight in whole grams, rounded up; `unknown` per unit without a weight."""
    total = Decimal(0)
    for item, quantity in usage:
        known = facts.items.get(item)
        grams = None if known is None else known.attributes.weight_grams
        total += quantity * (unknown if grams is None else grams)
    return -int(-total // 1)


def cm3_of(usage: Usage, facts: RoutingFacts) -> int:
    """Return a step's volume in whole cubic centimetres, rounded up; 0 where nobody knows it."""
    total = Decimal(0)
    for item, quantity in usage:
        known = facts.items.get(item)
        if known is None:
            continue
        sides = known.attributes.length_mm, known.attributes.width_mm, known.attributes.height_mm
        if sides[0] and sides[1] and sides[2]:
            total += quantity * sides[0] * sides[1] * sides[2]
    return -int(-total // 1000)
