"""The law of read models: one by one, in batches and from zero give the same rows."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventstore.main import Log
from eventstore.recorded import RecordedEvent
from projections.catalogue import READ_MODELS
from projections.compare import differences
from projections.database import Rows, transaction
from projections.folding import fold_into
from projections.generation import SCRATCH, Generation
from projections.read_model import ReadModel
from tests.projections.histories import Drawer

every_model = pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.name)
few = settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
many = settings(few, max_examples=25)
seeds = st.integers(0, 2**32)


@every_model
@few
@given(seed=seeds, length=st.integers(1, 50))
def test_any_way_of_folding_gives_the_same_rows(
    quiet_log: Log, model: ReadModel, seed: int, length: int
) -> None:
    """However a history is cut into batches, the rows are the same."""
    check_law(quiet_log, model, seed, length)


@pytest.mark.long
@every_model
@many
@given(seed=seeds, length=st.integers(1, 200))
def test_any_way_of_folding_gives_the_same_rows_in_many_histories(
    quiet_log: Log, model: ReadModel, seed: int, length: int
) -> None:
    """The same over many and longer histories."""
    check_law(quiet_log, model, seed, length)


def check_law(log: Log, model: ReadModel, seed: int, length: int) -> None:
    """Fold one history in three ways and compare the rows."""
    history = [e for e in Drawer(seed).history(length * 3) if e.type in model.types][:length]
    cuts = sorted(Random(seed).sample(range(len(history) + 1), min(3, len(history))))
    with transaction(log.datastore) as cursor:
        whole = folded(cursor, model, "whole", [history])
        one_by_one = folded(cursor, model, "single", [[event] for event in history])
        bounds = [0, *cuts, len(history)]
        batches = [history[a:b] for a, b in pairwise(bounds)]
        batched = folded(cursor, model, "batched", batches)
        assert differences(cursor, whole, one_by_one) == 0
        assert differences(cursor, whole, batched) == 0
        for generation in (whole, one_by_one, batched):
            generation.drop(cursor)


def folded(
    cursor: Rows, model: ReadModel, label: str, batches: Sequence[Sequence[RecordedEvent]]
) -> Generation:
    """Return scratch tables into which the batches were folded."""
    generation = Generation(model, SCRATCH, label)
    generation.create(cursor)
    for batch in batches:
        fold_into(cursor, generation, batch)
    return generation
