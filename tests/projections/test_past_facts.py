"""Facts as they were known: read from the log, they are what the read models said then."""

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

import pytest

from domain.base.handling import FactsWanted
from domain.base.streams import location_stream
from domain.handlers.placing.from_states import PastWanted
from domain.location.commands import ChangeLocation, ResumeLocation, SuspendLocation
from domain.location.events import LocationAttributes, LocationChanged, LocationSuspended
from domain.routing.facts import RoutingFacts
from domain.stock.commands import ReceiveStock
from eventstore.errors import UnknownReferenceData
from eventstore.main import Log, Partition
from eventstore.reference.postal_codes import load_postal_codes
from projections.catalogue import READ_MODELS
from projections.engine import Engine
from projections.facts import PostgresFacts
from projections.past_facts import PastFacts
from tests.projections.story import location
from tests.projections.test_agreement import PLACES, SKUS, lived_through, shop
from tests.projections.writing import append, engine
from tests.support.partitions import WAREHOUSE, do

__all__ = ["shop"]
ITEMS: Final = (*(sku.lower() for sku in SKUS), "set")


def known_now(at: Partition) -> RoutingFacts:
    """Return what read models say at the end of the log, without open work."""
    Engine(at.datastore, at.reader, READ_MODELS).catch_up()
    found = PostgresFacts(at.datastore).read(FactsWanted("web", item_ids=ITEMS))
    return plain(found)


def plain(found: RoutingFacts) -> RoutingFacts:
    """Return facts with stock as a dict, in which open work, SKUs and positions are left out."""
    return replace(
        found,
        items={key: replace(item, stock=dict(item.stock)) for key, item in found.items.items()},
        locations={key: replace(at, open_fulfilments=0) for key, at in found.locations.items()},
        skus={},
        locations_position=None,
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_the_past_is_what_the_read_models_said(shop: Partition, seed: int) -> None:
    """After every few commands of any kind, and still when the log has gone on."""
    draw = Random(seed)
    kept = []
    for step in range(6):
        lived_through(shop, 10 * seed + step, commands=12)
        place = draw.choice(PLACES)
        if step % 3 == 1:
            do(shop, SuspendLocation, location_id=place, reason="flood")
        if step % 3 == 2:
            for one in PLACES:
                if known_now(shop).locations[one].suspended:
                    do(shop, ResumeLocation, location_id=one)
        moved = {**WAREHOUSE, "latitude": draw.randrange(50, 60)}
        do(shop, ChangeLocation, location_id=place, location=moved)
        kept.append(known_now(shop))
    past = PastFacts(shop.datastore)
    assert len({facts.position for facts in kept}) == 6
    for facts in kept:
        assert past.read(PastWanted(facts.position, ITEMS)) == facts


def test_a_long_stream_is_read_from_the_snapshot_before(shop: Partition) -> None:
    """Snapshots stand every few hundred events; one that is younger is passed over."""
    positions = [
        do(shop, ReceiveStock, sku="MUG", location_id="A", quantity=1, expected_id=None).position
        for _ in range(520)
    ]
    with shop.datastore.get_connection() as connection:
        [row] = connection.execute(
            shop.datastore.sql("SELECT version FROM {schema}.snapshots")
        ).fetchall()
    assert row["version"] == 500
    past = PastFacts(shop.datastore)
    for events in (1, 499, 500, 501, 520):
        found = past.read(PastWanted(positions[events - 1], ("mug",), ("A",)))
        assert found.items["mug"].stock["A"].free == events


def test_locations_items_and_stock_have_positions_of_their_own(log: Log) -> None:
    """A decision saw stock and locations at two positions, and some streams themselves."""
    stream = location_stream("A")
    first = append(log, location("A"))
    moved = append(
        log, (stream, LocationChanged(LocationAttributes("Moved", "store", "GB", "UTC")))
    )
    last = append(log, (stream, LocationSuspended("flood")))
    past = PastFacts(log.datastore)
    then = past.read(PastWanted(first, (), ("A", "ghost"), locations_position=moved))
    assert list(then.locations) == ["A"]
    assert (then.locations["A"].attributes.name, then.locations["A"].suspended) == ("Moved", False)
    wanted = PastWanted(first, (), ("A",), truth_position=last, corrected_locations=("A",))
    assert past.read(wanted).locations["A"].suspended
    assert past.read(PastWanted(0, ("mug",))).locations == {}


def test_reference_data_are_those_of_the_hashes(log: Log, tmp_path: Path) -> None:
    """Locations without coordinates lie where the set of then says; an unknown hash is refused."""
    codes = tmp_path / "codes.csv"
    codes.write_text("country,postal_code,latitude,longitude\nGB,LS1,53.8,-1.55\n")
    old = load_postal_codes(log.datastore, codes).hash
    position = append(log, location("A", postal_code="ls1 4ap"))
    engine(log).catch_up()
    facts = PostgresFacts(log.datastore).read(FactsWanted("web"))
    assert facts.coordinates == {("GB", "ls1 4ap"): (53.8, -1.55)}
    codes.write_text("country,postal_code,latitude,longitude\nGB,LS1,50.0,0.0\n")
    assert load_postal_codes(log.datastore, codes).hash != old
    past = PastFacts(log.datastore)
    wanted = PastWanted(position, (), hashes={"postal_codes": old})
    assert past.read(wanted) == plain(facts)
    with pytest.raises(UnknownReferenceData):
        past.read(replace(wanted, hashes={"postal_codes": "0" * 64}))
