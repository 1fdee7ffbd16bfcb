"""How one delivery group was routed: what was chosen, what lost, who was kept out."""

from dataclasses import replace

from domain.base.quantity import ZERO
from domain.handlers.explaining.context import Context
from domain.handlers.explaining.sentences import sentences_of
from domain.handlers.explaining.shape import (
    ChosenLocation,
    CriterionValue,
    ExcludedLocations,
    GroupExplanation,
    RunnerUp,
    ShortLine,
)
from domain.handlers.explaining.shortages import free_elsewhere, why_short
from domain.handlers.explaining.words import label, listed, unit_of, why_excluded
from domain.routing.explain import figures_of, values_of
from domain.routing.plan import Alternative, Figure
from domain.routing.policy import DEFAULT_POLICY, Policy
from domain.routing.request import RoutingGroup


def explain_group(context: Context, group: RoutingGroup) -> GroupExplanation:
    """Return a group's explanation; without its solution it says what the event keeps."""
    solved = context.solved.get(group.group_id)
    policy = context.policy(group.group_id)
    currency = None if policy is None else policy.currency
    chosen = _chosen(context, group)
    figures = _figures(context, group, currency)
    able = () if solved is None else solved.built.locations
    used = {one.location.location_id for one in chosen}
    barred = context.barred(group.group_id)
    unable = () if solved is None else set(context.candidates(group)).difference(able, barred)
    empty = [place for place in unable if not context.has_any(group, place)]
    found = GroupExplanation(
        group_id=group.group_id,
        title=_title(context, group),
        method=group.method,
        policy=context.policy_name(group.group_id),
        policy_applies=_why_policy(policy),
        weighed=policy is not None and policy.order == "money",
        currency=currency,
        chosen=chosen,
        figures=figures,
        runners_up=_runners_up(context, group, figures, currency),
        excluded=_excluded(context, group),
        considered=context.all_named(set(able).difference(used)),
        without_stock=context.all_named(empty),
        with_too_little=context.all_named(set(unable).difference(empty)),
        short=_short(context, group),
    )
    return replace(found, sentences=sentences_of(found))


def _chosen(context: Context, group: RoutingGroup) -> tuple[ChosenLocation, ...]:
    allocations = context.allocations(group.group_id)
    fulfilments = {
        one.location_id: one
        for one in context.decided.fulfilments
        if one.group_id == group.group_id
    }
    found = []
    for place in dict.fromkeys(one.location_id for one in allocations):
        lines = tuple(
            context.sent(one.line_id, one.quantity)
            for one in allocations
            if one.location_id == place
        )
        chosen = ChosenLocation(
            context.named(place), lines, distance_km=context.distance_km(group, place)
        )
        how = fulfilments.get(place)
        if how is not None:
            chosen = replace(
                chosen,
                mode=how.mode,
                carrier=how.carrier,
                service=how.service,
                leaves=how.leaves,
                ship_by=how.ship_by,
                arrives=how.arrives,
                parcels=how.parcels,
                shipping_cost=how.shipping_cost,
                full_days=context.full_days(group, how),
            )
        found.append(chosen)
    return tuple(found)


def _figures(
    context: Context, group: RoutingGroup, currency: str | None
) -> tuple[CriterionValue, ...]:
    """Return the group's own figures; an event keeps the sums of all groups."""
    solved = context.solved.get(group.group_id)
    if solved is not None:
        figures = figures_of(values_of(solved.built, solved.policy, solved.choice))
    elif len(context.request.groups) == 1:
        figures = context.decided.decision.figures
    else:
        figures = ()
    return _valued(figures, currency)


def _valued(figures: tuple[Figure, ...], currency: str | None) -> tuple[CriterionValue, ...]:
    return tuple(
        CriterionValue(one.criterion, one.value, unit_of(one.criterion, currency))
        for one in figures
    )


def _runners_up(
    context: Context,
    group: RoutingGroup,
    figures: tuple[CriterionValue, ...],
    currency: str | None,
) -> tuple[RunnerUp, ...]:
    best = {one.criterion: one.value for one in figures}

    def told(other: Alternative) -> RunnerUp:
        theirs = _valued(other.figures, currency)
        worse = next((one.value for one in theirs if one.criterion == other.lost_by), None)
        known = worse is not None and bool(best)
        difference = worse - best.get(other.lost_by, ZERO) if known and worse is not None else None
        return RunnerUp(
            tuple(map(context.named, other.locations)), theirs, other.lost_by, difference
        )

    return tuple(
        told(other)
        for other in context.decided.decision.runners_up
        if other.group_id in (group.group_id, "")
    )


def _excluded(context: Context, group: RoutingGroup) -> tuple[ExcludedLocations, ...]:
    """Return who was kept out, by reason; apart from those kept out of some goods only."""
    solved = context.solved.get(group.group_id)
    if solved is None:
        return ()
    able = set(solved.built.locations)
    found = []
    for reason, places in solved.barred.items():
        for some, which in ((False, places - able), (True, places & able)):
            if which:
                why = why_excluded(reason) + (", for some of the goods" if some else "")
                named = context.all_named(which)
                found.append(ExcludedLocations(reason, why, len(named), named))
    return tuple(found)


def _short(context: Context, group: RoutingGroup) -> tuple[ShortLine, ...]:
    queued = context.decided.queued()
    return tuple(
        ShortLine(
            context.sent(line.line_id, quantity),
            queued.get((line.line_id, group.group_id), ZERO),
            why_short(context, group, line),
            free_elsewhere(context, group, line),
        )
        for line, quantity in context.short(group)
    )


def _title(context: Context, group: RoutingGroup) -> str:
    """Return how and where a group goes: `Shipped to GB LE1 3AA, service standard`."""
    if group.store is not None:
        how = "Picked up" if group.method == "pickup" else "Reserved"
        return f"{how} at {label(context.named(group.store))}"
    place = group.destination
    where = " ".join(part for part in (place.country, place.postal_code) if part)
    return f"Shipped to {where}, service {group.service}"


def _why_policy(policy: Policy | None) -> str:
    """Return why a policy applies to a group."""
    if policy is None:
        return ""
    if policy is DEFAULT_POLICY:
        return "no published policy is for this group"
    audience = policy.applies_to
    parts = (
        ("customers of", audience.customer_groups),
        ("the service", audience.services),
        ("the channel", audience.channels),
        ("the market", audience.markets),
    )
    told = [f"{words} {' or '.join(names)}" for words, names in parts if names]
    return f"it is for {listed(told)}" if told else "it is for every group"
