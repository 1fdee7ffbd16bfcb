"""What verifying a read model found."""

from dataclasses import dataclass

from projections.read_model import ReadModel
from projections.tracking import Tracking


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying a read model found at `position`.

    `rows` were compared; `differences` of them are not what the log says, or are missing, and
    `examples` names the first as `table: key`. `lag_events` were not folded yet at that moment.
    `fault` says why nothing could be compared, empty where it could.
    """

    name: str
    version: int
    generation: str
    position: int
    rows: int
    differences: int
    examples: tuple[str, ...]
    parked: int
    stale: int
    lag_events: int
    lag_seconds: float
    sampled: bool
    fault: str = ""

    @property
    def clean(self) -> bool:
        """Say whether every row is what the log says and nothing is parked."""
        return not (self.fault or self.differences or self.parked or self.stale)


def not_compared(model: ReadModel, row: Tracking | None, fault: str, *, sampled: bool) -> Verified:
    """Return the finding of a read model whose live row, if any, cannot be read as it."""
    return Verified(
        name=model.name,
        version=model.version,
        generation=row.generation if row is not None else "",
        position=row.position if row is not None else 0,
        rows=0,
        differences=0,
        examples=(),
        parked=row.parked if row is not None else 0,
        stale=0,
        lag_events=0,
        lag_seconds=0.0,
        sampled=sampled,
        fault=fault,
    )
