"""Why something of a line was not found."""

from collections.abc import Iterable
from decimal import Decimal

from domain.base.quantity import ZERO
from domain.handlers.explaining.context import Context
from domain.handlers.explaining.words import labels, number, plural
from domain.routing.request import Part, RoutingGroup, RoutingLine


def why_short(context: Context, group: RoutingGroup, line: RoutingLine) -> str:
    """Return in a sentence why a line was not filled, from the facts of then."""
    barred = context.barred(group.group_id)
    allowed = [place for place in context.candidates(group) if place not in barred]
    if not allowed:
        return "No location may take it." if group.store is None else "The store may not take it."
    if len(line.parts) > 1:
        return "No location that may send it has enough of all parts of the kit together."
    part = line.parts[0]
    free = _free(context, part, allowed)
    if free == ZERO:
        return "None of it is free at any location that may send it."
    taken = _taken_by_others(context, group, line, part)
    if free - taken < line.quantity:
        told = f"Only {_are(free)} free in all at the locations that may send it"
        return f"{told}, and the order's other lines take {number(taken)}." if taken else f"{told}."
    return _rule(context, group)


def _rule(context: Context, group: RoutingGroup) -> str:
    """Return which rule keeps stock from being used that would suffice."""
    policy = context.policy(group.group_id)
    most = None if policy is None else policy.constraints.most_fulfilments
    if context.request.whole_or_nothing:
        return "Enough is free, but the order comes whole or not at all."
    if context.request.split == "never":
        return "Enough is free in all, but the channel never splits and no location has everything."
    if context.request.split == "lines":
        return "Enough is free in all, but lines are not split and no location has the whole line."
    if most is not None:
        return f"Enough is free in all, but the policy allows {plural(most, 'fulfilment')} at most."
    return "Enough is free in all, but not in whole steps of the line where it may come from."


def _free(context: Context, part: Part, places: Iterable[str]) -> Decimal:
    """Return what is free of a part, in units of the line."""
    item = context.facts.items.get(part.item_id)
    if item is None:
        return ZERO
    stock = (item.stock.get(place) for place in places)
    return sum((one.free for one in stock if one is not None), ZERO) / part.per_unit


def _taken_by_others(
    context: Context, group: RoutingGroup, line: RoutingLine, part: Part
) -> Decimal:
    """Return what other lines and groups of the decision take of a part, in units of the line."""
    lines = context.decided.order.lines
    taken = ZERO
    for one in context.decided.allocations:
        if (one.group_id, one.line_id) == (group.group_id, line.line_id):
            continue
        for each in lines[one.line_id].parts:
            if each.item_id == part.item_id:
                taken += one.quantity * each.per_unit
    return taken / part.per_unit


def free_elsewhere(context: Context, group: RoutingGroup, line: RoutingLine) -> str | None:
    """Return in a sentence what is free where a rule forbids to take it, None: nothing is."""
    barred = context.barred(group.group_id)
    if len(line.parts) > 1:
        return None
    has = [place for place in barred if _free(context, line.parts[0], (place,)) > ZERO]
    if not has:
        return None
    free = _are(_free(context, line.parts[0], has), "more ")
    where = "an excluded location" if len(has) == 1 else "excluded locations"
    return f"{free} free at {where}: {labels(context.all_named(has))}."


def _are(count: Decimal, more: str = "") -> str:
    return f"{number(count)} {more}{'is' if count == 1 else 'are'}"
