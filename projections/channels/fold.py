"""Folds channels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.base.streams import category_of, channel_stream, key_of
from domain.channel.events import ChannelChanged, ChannelOpened, ChannelSettings
from eventstore.recorded import RecordedEvent
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.table import ByStream, Table


@dataclass(slots=True)
class ChannelRow:
    """A channel as it is now."""

    channel_id: str
    name: str
    currency: str
    prices: str
    time_zone: str
    sources: list[str]
    countries: list[str]
    capture_mode: str
    backorders: bool
    split: str
    payment_methods: list[str]
    dispatch_hours: int
    position: int
    changed_at: datetime


CHANNELS: Final = Table(
    "channels",
    ChannelRow,
    ("channel_id",),
    by_stream=ByStream(
        lambda stream: (key_of(stream),) if category_of(stream) == "channel" else None,
        lambda row: (channel_stream(row.channel_id),),
    ),
)


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch; the last event of a channel says all of it."""
    for recorded in events:
        match recorded.event:
            case ChannelOpened(settings) | ChannelChanged(settings):
                tables[CHANNELS].put(_row(key_of(recorded.stream), settings, recorded))


def _row(channel_id: str, settings: ChannelSettings, recorded: RecordedEvent) -> ChannelRow:
    return ChannelRow(
        channel_id=channel_id,
        name=settings.name,
        currency=settings.currency,
        prices=settings.prices,
        time_zone=settings.time_zone,
        sources=list(settings.sources),
        countries=list(settings.countries),
        capture_mode=settings.capture_mode,
        backorders=settings.backorders,
        split=settings.split,
        payment_methods=list(settings.payment_methods),
        dispatch_hours=settings.dispatch_hours,
        position=recorded.position,
        changed_at=recorded.recorded_at,
    )


READ_MODEL: Final = ReadModel(
    name="channels",
    version=1,
    events=frozenset({ChannelOpened, ChannelChanged}),
    tables=(CHANNELS,),
    views=("channels",),
    fold=fold,
)
