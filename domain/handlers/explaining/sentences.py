"""A group's explanation as sentences that a planner reads."""

from collections.abc import Iterator
from dataclasses import replace

from domain.base.quantity import ZERO
from domain.handlers.explaining.shape import (
    ChosenLocation,
    CriterionValue,
    ExcludedLocations,
    GroupExplanation,
    Named,
    RunnerUp,
    Sent,
    ShortLine,
)
from domain.handlers.explaining.words import (
    MODES,
    MOST_NAMED,
    NAMES,
    amount,
    day,
    goods,
    label,
    labels,
    listed,
    measure,
    number,
    plural,
)
from domain.routing.columns import UNKNOWN_DISTANCES
from domain.routing.explain import CANDIDATE_ORDER


def sentences_of(group: GroupExplanation) -> tuple[str, ...]:
    """Return the sentences, in the order in which people ask."""
    return tuple(_all(group))


def _all(group: GroupExplanation) -> Iterator[str]:
    for chosen in group.chosen:
        yield _chosen(chosen, group.currency)
        if chosen.full_days:
            yield _full(chosen)
    if not group.chosen:
        yield "No location was found for any of it."
    for short in group.short:
        yield _short(short)
    yield _policy(group)
    for runner_up in group.runners_up:
        yield _runner_up(runner_up, group.figures)
    for excluded in group.excluded:
        yield excluded_sentence(excluded)
    yield from _others(group)


def _chosen(chosen: ChosenLocation, currency: str | None) -> str:
    what = listed([goods(sent) for sent in _by_sku(chosen.lines)])
    told = f"{label(chosen.location)} was chosen for {what}"
    parts = [] if chosen.mode is None else [f"it {MODES[chosen.mode]}"]
    if chosen.carrier is not None:
        parts[-1:] = [f"{parts[-1]} by {chosen.carrier} {chosen.service}"] if parts else []
    if chosen.distance_km is not None and chosen.mode not in ("pickup", "reserve"):
        parts.append(f"{chosen.distance_km} km to the destination")
    if chosen.leaves is not None:
        ready = "ready on" if chosen.mode in ("pickup", "reserve") else "leaves on"
        parts.append(f"{ready} {day(chosen.leaves)}")
    if chosen.arrives is not None and chosen.mode not in ("pickup", "reserve"):
        parts.append(f"arrives on {day(chosen.arrives)}")
    if chosen.parcels is not None:
        parts.append(plural(chosen.parcels, "parcel"))
    if chosen.shipping_cost is not None:
        parts.append(f"{chosen.shipping_cost:.2f} {currency or ''}".rstrip())
    return f"{told}: {', '.join(parts)}." if parts else f"{told}."


def _full(chosen: ChosenLocation) -> str:
    shown = [day(one) for one in chosen.full_days[:MOST_NAMED]]
    left = len(chosen.full_days) - len(shown)
    days = listed([*shown, plural(left, "more day")] if left else shown)
    return f"{label(chosen.location)} had no place left on {days}."


def _by_sku(lines: tuple[Sent, ...]) -> list[Sent]:
    """Return what is sent of each SKU, whichever lines asked for it."""
    found: dict[str, Sent] = {}
    for sent in lines:
        known = found.get(sent.sku)
        total = sent.quantity if known is None else known.quantity + sent.quantity
        found[sent.sku] = replace(sent, quantity=total)
    return list(found.values())


def _policy(group: GroupExplanation) -> str:
    told = f"Policy {group.policy} decided"
    if group.policy_applies:
        told = f"{told}, since {group.policy_applies}"
    if not group.chosen or not group.figures:
        return f"{told}."
    how = "Weighed in money" if group.weighed else "In its order"
    return f"{told}. {how}, the choice has {listed(_amounts(group))}."


def _amounts(group: GroupExplanation) -> list[str]:
    """Return figures in words, without a distance where every distance is unknown.

    Where nobody knows when goods arrive, the promise is when they leave.
    """
    unknown = any(one.criterion == UNKNOWN_DISTANCES for one in group.figures)
    told = []
    for one in group.figures:
        if one.criterion == "promise" and all(each.arrives is None for each in group.chosen):
            told.append(f"{measure(one.criterion, one.value, one.unit)} until the last leaves")
        elif one.value or one.criterion != "distance" or not unknown:
            told.append(amount(one))
    return told


def _runner_up(runner_up: RunnerUp, best: tuple[CriterionValue, ...]) -> str:
    several = len(runner_up.locations) > 1
    who = f"Runner-up {labels(runner_up.locations)}{' together' if several else ''}"
    if runner_up.lost_by == CANDIDATE_ORDER:
        verb, come = ("are", "come") if several else ("is", "comes")
        return f"{who} {verb} as good in every criterion, and {come} later in the channel's order."
    name = NAMES.get(runner_up.lost_by, runner_up.lost_by)
    theirs = next((one for one in runner_up.figures if one.criterion == runner_up.lost_by), None)
    if theirs is None:
        return f"{who} lost by {name}."
    value = measure(theirs.criterion, theirs.value, theirs.unit)
    if runner_up.difference is None:
        return f"{who} lost by {name}: {value}."
    more = measure(theirs.criterion, runner_up.difference, theirs.unit)
    ours = next((one.value for one in best if one.criterion == runner_up.lost_by), ZERO)
    instead = measure(theirs.criterion, ours, theirs.unit)
    return f"{who} lost by {name}: {more} more ({value} instead of {instead})."


def excluded_sentence(excluded: ExcludedLocations) -> str:
    """Return who was kept out by one rule; after another engine only how many."""
    if excluded.locations:
        return f"Excluded, {excluded.why}: {labels(excluded.locations)}."
    return f"Excluded, {excluded.why}: {plural(excluded.count, 'location')}."


def _others(group: GroupExplanation) -> Iterator[str]:
    if group.without_stock:
        who, verb = labels(group.without_stock), _has(group.without_stock)
        yield f"{who} {verb} nothing free of what was wanted."
    if group.with_too_little:
        who, verb = labels(group.with_too_little), _has(group.with_too_little)
        yield f"{who} {verb} some of it free, but nothing that may be sent alone."
    named = {one.location_id for other in group.runners_up for one in other.locations}
    rest = [one for one in group.considered if one.location_id not in named]
    if rest:
        yield f"{labels(rest)} could have sent some of it, but in no plan among the next best."


def _has(locations: tuple[Named, ...]) -> str:
    return "has" if len(locations) == 1 else "have"


def _short(short: ShortLine) -> str:
    told = f"{goods(short.line)} could not be found"
    left = short.line.quantity - short.waits
    if short.waits and left:
        told = f"{told}: {number(short.waits)} wait for goods, {number(left)} are unassigned"
    elif short.waits:
        told = f"{told} and waits for goods"
    else:
        told = f"{told} and stays unassigned"
    return " ".join(part for part in (f"{told}.", short.why, short.elsewhere) if part)
