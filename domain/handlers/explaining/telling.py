"""The door: a decision, and what was made of it again, become an explanation."""

from collections.abc import Iterator
from dataclasses import replace

from domain.base.quantity import ZERO
from domain.handlers.explaining.context import Context
from domain.handlers.explaining.decided import Decided
from domain.handlers.explaining.groups import explain_group
from domain.handlers.explaining.recompute import Recomputed, as_seen
from domain.handlers.explaining.sentences import excluded_sentence
from domain.handlers.explaining.shape import (
    CorrectedCellView,
    ExcludedLocations,
    Explanation,
    GroupExplanation,
)
from domain.handlers.explaining.words import (
    CAUSES,
    MOST_NAMED,
    label,
    labels,
    number,
    plural,
    why_excluded,
)
from domain.routing.facts import RoutingFacts
from domain.routing.request import RoutingRequest


def explain(
    decided: Decided, request: RoutingRequest, said: RoutingFacts, again: Recomputed | None
) -> Explanation:
    """Return an explanation; `said` are the facts of then before truth corrected them.

    Where the decision could not be made again it holds what the event keeps: who was excluded
    only as numbers, and the figures of all groups together.
    """
    solved = () if again is None else again.groups
    context = Context(
        decided,
        request,
        as_seen(said, decided.decision) if again is None else again.facts,
        {one.built.group.group_id: one for one in solved},
    )
    groups = tuple(explain_group(context, group) for group in request.groups)
    decision = decided.decision
    found = Explanation(
        cause=decided.cause,
        summary=_summary(decided, groups),
        groups=groups,
        corrected=tuple(_corrected(context, said)),
        corrected_locations=context.all_named(decision.corrected_locations),
        gap=decision.gap,
        facts_position=decision.facts_position,
        engine=decision.engine,
        reference=decision.hashes,
        excluded=_counted(decided) if again is None else (),
    )
    return replace(found, sentences=tuple(_sentences(found, context)))


def _summary(decided: Decided, groups: tuple[GroupExplanation, ...]) -> str:
    places = {one.location.location_id for group in groups for one in group.chosen}
    short = [line for group in groups for line in group.short]
    waits = sum((line.waits for line in short), ZERO)
    when = f"The order was routed {CAUSES[decided.cause]}"
    if not places:
        found = "nothing could be allocated"
    elif short:
        found = f"a part of it comes from {plural(len(places), 'location')}"
    else:
        found = f"all of it comes from {plural(len(places), 'location')}"
    if short and waits == sum((line.line.quantity for line in short), ZERO):
        return f"{when}: {found}{', the rest' if places else ', it'} waits for goods."
    return f"{when}: {found}{', the rest is short' if short and places else ''}."


def _corrected(context: Context, said: RoutingFacts) -> Iterator[CorrectedCellView]:
    for cell in context.decided.decision.corrected:
        item = said.items.get(cell.item_id)
        fact = None if item is None else item.stock.get(cell.location_id)
        before = ZERO if fact is None else fact.free
        sku = cell.item_id if item is None else item.attributes.sku
        place = context.named(cell.location_id)
        yield CorrectedCellView(cell.item_id, sku, place, before, cell.free)


def _counted(decided: Decided) -> tuple[ExcludedLocations, ...]:
    return tuple(
        ExcludedLocations(one.reason, why_excluded(one.reason), one.locations, ())
        for one in decided.decision.exclusions
    )


def _sentences(found: Explanation, context: Context) -> Iterator[str]:
    for excluded in found.excluded:
        yield excluded_sentence(excluded)
    if found.corrected:
        cells = [
            f"{one.sku} at {label(one.location)}: {number(one.truly_free)} free, not "
            f"{number(one.facts_said)}"
            for one in found.corrected[:MOST_NAMED]
        ]
        left = len(found.corrected) - len(cells)
        more = f"; and {left} more" if left else ""
        yield f"The facts were behind, and stock itself was asked. {'; '.join(cells)}{more}."
    if found.corrected_locations:
        who = labels(found.corrected_locations)
        yield f"The facts were behind on these locations, which were asked themselves: {who}."
    if found.gap:
        yield (
            "The search was cut short by its limit: the plan is proven to be within "
            f"{number(found.gap * 100)} % of the best one."
        )
    work = context.decided.decision.work
    if work:
        count = sum(one.open_fulfilments for one in work)
        yield f"The policy looked at open work: {plural(count, 'fulfilment')} at the locations."
