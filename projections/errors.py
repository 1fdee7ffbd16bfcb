"""What can go wrong with read models, as one family.

ReadModelError
├── UnknownReadModel      no read model has that name
├── FoldFailed            an event, or what it led to, could not be folded or written
├── UndecodableEvent      an event that a read model uses could not be read
├── Moved                 another engine moved the position meanwhile (try again)
├── Retired               the tables are no longer those that readers see
├── RebuildFailed         a rebuild met an event that it cannot fold, and stopped
└── RebuildInProgress     the same read model is being rebuilt already
"""


class ReadModelError(Exception):
    """Something about a read model, not about the log."""


class UnknownReadModel(ReadModelError):
    """No read model has that name."""

    def __init__(self, name: str, known: list[str]) -> None:
        """Name the ones that exist."""
        super().__init__(f"no read model is called {name!r}; there are {', '.join(known)}")
        self.name = name


class FoldFailed(ReadModelError):
    """A batch could not be folded; nothing of it was written."""


class UndecodableEvent(ReadModelError):
    """The event at `position` could not be turned from its row into an event."""

    def __init__(self, position: int, cause: Exception) -> None:
        """Keep the position, and the cause in words."""
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.position = position


class Moved(ReadModelError):
    """The tracked position is not the expected one: another engine works on it too."""


class Retired(ReadModelError):
    """Another set of tables, or another version, has taken this one's place."""


class RebuildFailed(ReadModelError):
    """A rebuild stops at the first event that it cannot fold; the old tables stay in use."""


class RebuildInProgress(ReadModelError):
    """The read model is being rebuilt by another process."""


class Stopped(ReadModelError):
    """The process is to end before the rebuild is done; nothing was swapped."""
