"""Read models say what a replay of the log says."""

from typing import Final

from projections.catalogue import READ_MODELS
from projections.errors import ReadModelError
from projections.verify import verify
from scheduler.invariants.finding import Finding
from scheduler.job import Desk

INVARIANT: Final = "read-models-equal-replay"
SAMPLE: Final = 50
"""Rows drawn from each table."""
_NAMED: Final = 5


def check_read_models(desk: Desk) -> Finding:
    """Fold the streams behind rows drawn at random, and compare; parked events count as broken."""
    partition = desk.partition
    try:
        found = verify(partition.datastore, partition.reader, READ_MODELS, sample=SAMPLE)
    except ReadModelError as error:
        return Finding(INVARIANT, holds=False, figures={"error": str(error)})
    return Finding(
        INVARIANT,
        holds=all(one.clean for one in found),
        figures={
            "read_models": len(found),
            "rows": sum(one.rows for one in found),
            "differences": sum(one.differences for one in found),
            "examples": [example for one in found for example in one.examples][:_NAMED],
            "parked": sum(one.parked for one in found),
            "unclean": [one.name for one in found if not one.clean],
            "faults": [f"{one.name}: {one.fault}" for one in found if one.fault],
            "lag_events": {one.name: one.lag_events for one in found},
        },
    )
