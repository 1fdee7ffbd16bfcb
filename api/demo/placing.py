"""Does the demo's commands as the API does: many callers, each waiting for its answer."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from api.demo.commands import DEMO, Keyed
from domain.base.errors import Refusal
from eventstore.oms import Oms

CALLERS: Final = 32
_AHEAD: Final = 128
_PATIENCE: Final = 300.0


@dataclass(slots=True)
class Done:
    """How many commands were accepted, and how many refused by reason."""

    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)


def do_all(
    oms: Oms, commands: Iterable[Keyed], *, advance: Callable[[], object] = lambda: None
) -> Done:
    """Do commands from 32 callers at once; `advance` is called for each answer.

    At most 128 are under way, so that memory stays flat however long the file is.
    """
    done, waiting = Done(), deque[Future[str | None]]()

    def settle() -> None:
        refused = waiting.popleft().result()
        if refused is None:
            done.accepted += 1
        else:
            done.refused[refused] += 1
        advance()

    with ThreadPoolExecutor(CALLERS, thread_name_prefix="demo") as pool:
        for keyed in commands:
            waiting.append(pool.submit(_do, oms, keyed))
            if len(waiting) >= _AHEAD:
                settle()
        while waiting:
            settle()
    return done


def _do(oms: Oms, keyed: Keyed) -> str | None:
    try:
        oms.do(keyed.command, caller=DEMO, key=keyed.key, timeout=_PATIENCE)
    except Refusal as refusal:
        return refusal.code
    return None
