"""How often Python looks for garbage in cycles, in processes that hold many states."""

import gc
from typing import Final

YOUNG: Final = 100_000
"""New containers between two looks at the youngest; Python's own figure is 700."""
MIDDLE: Final = 50
OLD: Final = 1_000


def collect_rarely() -> None:
    """Look for cycles seldom: hot states are many, live long and have none.

    With Python's own figures a writer of some ten thousand states stood still for a third of a
    second at each full look, which is a third of its time and all of its slow answers.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
