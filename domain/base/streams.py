"""Names of streams: `category:key` texts, so that the primary key refuses duplicates."""

from datetime import date

from domain.base.text import sku_key

StreamId = str
"""`order:CHANNEL:EXTERNAL_ID`, `stock:ITEM@LOCATION`, `item:ID`, ..."""


def category_of(stream: StreamId) -> str:
    """Return the part before the first colon."""
    return stream.partition(":")[0]


def key_of(stream: StreamId) -> str:
    """Return the part after the first colon."""
    return stream.partition(":")[2]


def item_stream(item_id: str) -> StreamId:
    """Return the stream of an item."""
    return f"item:{item_id}"


def sku_stream(sku: str) -> StreamId:
    """Return the stream that says which item owns a SKU or alias."""
    return f"sku:{sku_key(sku)}"


def channel_stream(channel_id: str) -> StreamId:
    """Return the stream of a channel."""
    return f"channel:{channel_id}"


def location_stream(location_id: str) -> StreamId:
    """Return the stream of a location."""
    return f"location:{location_id}"


def stock_stream(item_id: str, location_id: str) -> StreamId:
    """Return the stream of an item's stock at a location."""
    return f"stock:{item_id}@{location_id}"


def stock_key(stream: StreamId) -> tuple[str, str]:
    """Return (item id, location id) of a stock stream."""
    item_id, _, location_id = key_of(stream).partition("@")
    return item_id, location_id


def capacity_stream(location_id: str, day: date) -> StreamId:
    """Return the stream of a location's working day."""
    return f"capacity:{location_id}@{day.isoformat()}"


def capacity_key(stream: StreamId) -> tuple[str, date]:
    """Return (location id, day) of a capacity stream."""
    location_id, _, day = key_of(stream).partition("@")
    return location_id, date.fromisoformat(day)


def order_stream(channel_id: str, external_id: str) -> StreamId:
    """Return the stream of an order."""
    return f"order:{channel_id}:{external_id}"


def order_key(stream: StreamId) -> tuple[str, str]:
    """Return (channel id, external id) of an order stream."""
    channel_id, _, external_id = key_of(stream).partition(":")
    return channel_id, external_id


def hold_stream(channel_id: str, hold_id: str) -> StreamId:
    """Return the stream of a basket hold."""
    return f"hold:{channel_id}:{hold_id}"


def hold_key(stream: StreamId) -> tuple[str, str]:
    """Return (channel id, hold id) of the stream of a basket hold."""
    channel_id, _, hold_id = key_of(stream).partition(":")
    return channel_id, hold_id


def subject_stream(subject_id: str) -> StreamId:
    """Return the stream of a person whose data may be erased."""
    return f"subject:{subject_id}"


def policy_stream(policy_id: str) -> StreamId:
    """Return the stream of a routing policy's versions."""
    return f"policy:{policy_id}"
