"""A backorder waits where it queues; goods elsewhere are for new orders."""

from domain.channel.commands import OpenChannel
from projections.availability.queries import availability_of
from scheduler.jobs.reroute_lost_reservations import reroute_lost_reservations
from tests.scheduler.shop import Shop, now, open_shop
from tests.support.partitions import do


def stages(shop: Shop, number: str) -> tuple[int, int]:
    """Return how much of an order is backordered, and how much reserved."""
    shop.fold()
    [(backordered, reserved)] = shop.rows(
        "SELECT backordered, reserved FROM {schema}.orders WHERE external_id = %s", number
    )
    return backordered, reserved


def test_goods_elsewhere_are_for_new_orders(postgres: str, schema: str) -> None:
    """Neither their arrival nor the scheduler moves an older backorder to them."""
    with open_shop(postgres, schema, north=0, south=0) as shop:
        channel = {
            "name": "Shop",
            "currency": "GBP",
            "prices": "gross",
            "time_zone": "Europe/London",
            "sources": ["north", "south"],
            "backorders": True,
        }
        do(shop.partition, OpenChannel, channel_id="shop", channel=channel)
        shop.place("old", 6, channel_id="shop")
        assert stages(shop, "old") == (6, 0)
        [(queued_at,)] = shop.rows("SELECT location_id FROM {schema}.availability WHERE queued > 0")
        elsewhere = "south" if queued_at == "north" else "north"
        shop.receive(elsewhere, 6)
        shop.fold()
        [tea] = availability_of(shop.partition.datastore, ["TEA"], channels=["shop"])
        assert [share.available for share in tea.channels] == [6]
        assert reroute_lost_reservations(shop.desk, now())["tried"] == 0
        shop.place("new", 6, channel_id="shop")
        assert stages(shop, "new") == (0, 6)
        assert stages(shop, "old") == (6, 0)
        shop.receive(queued_at, 6)
        assert stages(shop, "old") == (0, 6)
