"""What a channel may know of how its order was routed: nothing of the network beyond its event."""

from dataclasses import replace

from domain.handlers.explaining.sentences import sentences_of
from domain.handlers.explaining.shape import Explanation, GroupExplanation, Named


def reduced(explanation: Explanation) -> Explanation:
    """Return an explanation without other locations' names, stock and state.

    What is left stands in the order and its events, which the channel reads anyhow: what was
    chosen, the runners-up by id, how many locations a rule kept out, and what is short.
    """
    return replace(
        explanation,
        groups=tuple(map(_reduced, explanation.groups)),
        corrected=(),
        corrected_locations=(),
        sentences=(),
    )


def _reduced(group: GroupExplanation) -> GroupExplanation:
    left = replace(
        group,
        runners_up=tuple(
            replace(one, locations=tuple(map(_by_id, one.locations))) for one in group.runners_up
        ),
        excluded=tuple(replace(one, locations=()) for one in group.excluded),
        considered=(),
        without_stock=(),
        with_too_little=(),
        short=tuple(replace(one, elsewhere=None) for one in group.short),
    )
    return replace(left, sentences=sentences_of(left))


def _by_id(location: Named) -> Named:
    return Named(location.location_id, location.location_id)
