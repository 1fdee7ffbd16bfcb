"""Why a day takes no more work."""

from domain.base.errors import Conflict


class CapacityFull(Conflict):
    """All places of the location's working day are taken; a later day may have some."""

    code = "capacity-full"
    title = "The day is full"
