"""What a handler sees: the states of a group, and a record of what it read."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.base.handling import NotLoaded
from domain.base.streams import StreamId
from eventstore.writer.states import Loaded


class GroupView:
    """The loaded states with what was decided before on top; notes what one command reads."""

    __slots__ = ("_base", "_overlay", "reads")

    def __init__(self, base: Mapping[StreamId, Loaded], overlay: Mapping[StreamId, Loaded]) -> None:
        """Look at `overlay` first, then at `base`."""
        self._base = base
        self._overlay = overlay
        self.reads: set[StreamId] = set()

    def _loaded(self, stream: StreamId) -> Loaded:
        loaded = self._overlay.get(stream) or self._base.get(stream)
        if loaded is None:
            raise NotLoaded(stream)
        self.reads.add(stream)
        return loaded

    def state(self, stream: StreamId) -> Any:
        """Return the state of a loaded stream; raise NotLoaded otherwise."""
        return self._loaded(stream).state

    def exists(self, stream: StreamId) -> bool:
        """Say whether a loaded stream has any event; raise NotLoaded otherwise."""
        return self._loaded(stream).version > 0

    def has(self, stream: StreamId) -> bool:
        """Say whether the stream is loaded; counts as no read."""
        return stream in self._base

    def missing(self, streams: Iterable[StreamId]) -> tuple[StreamId, ...]:
        """Return those of `streams` that are not loaded, each once."""
        return tuple(dict.fromkeys(stream for stream in streams if stream not in self._base))
