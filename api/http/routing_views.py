"""From a decision made again to what clients see of it."""

from collections.abc import Callable
from typing import Any

from api.http.money import money_view
from api.http.routing_shapes import (
    ChosenView,
    CorrectedView,
    DecisionView,
    DifferenceView,
    ExcludedView,
    PlaceView,
    RoutedGroupView,
)
from domain.handlers.explaining.reduced import reduced
from domain.handlers.explaining.shape import ChosenLocation, Explanation, GroupExplanation
from domain.handlers.explaining.telling import explain
from projections.decisions import Remade


def decision_view(
    made: Remade, position_text: Callable[[int], str], *, in_full: bool
) -> DecisionView:
    """Return a decision; only `in_full` with what is known of locations that were not chosen."""
    told = explain(made.decided, made.request, made.facts, made.again)
    differences = () if made.again is None else made.again.differences
    return DecisionView(
        position=position_text(made.decided.position),
        decided_at=made.decided.at,
        verified=made.verified,
        obstacle=made.obstacle,
        differences=[
            DifferenceView(
                what=one.what,
                recorded=str(one.recorded) if in_full else None,
                recomputed=str(one.recomputed) if in_full else None,
            )
            for one in differences
        ],
        facts_position=position_text(told.facts_position),
        **_fields(told if in_full else reduced(told)),
    )


def _fields(told: Explanation) -> dict[str, Any]:
    return {
        "cause": told.cause,
        "engine": told.engine,
        "gap": told.gap,
        "reference": dict(told.reference),
        "summary": told.summary,
        "sentences": list(told.sentences),
        "groups": [_group(group) for group in told.groups],
        "excluded": list(map(ExcludedView.model_validate, told.excluded)),
        "corrected": list(map(CorrectedView.model_validate, told.corrected)),
        "corrected_locations": list(map(PlaceView.model_validate, told.corrected_locations)),
    }


def _group(group: GroupExplanation) -> RoutedGroupView:
    values = {name: getattr(group, name) for name in RoutedGroupView.model_fields}
    values["chosen"] = [_chosen(one, group.currency) for one in group.chosen]
    return RoutedGroupView.model_validate(values, from_attributes=True)


def _chosen(chosen: ChosenLocation, currency: str | None) -> ChosenView:
    """Return a chosen location; a price without its currency, which the policy has, is none."""
    values = {name: getattr(chosen, name) for name in ChosenView.model_fields}
    cost = chosen.shipping_cost
    values["shipping_cost"] = None if cost is None or not currency else money_view(cost, currency)
    return ChosenView.model_validate(values, from_attributes=True)
