"""Loads a file of real orders: network and stock first, then every order, then a count."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.demo.commands import DEMO, Keyed, Script
from api.demo.destination import destination_of
from api.demo.errors import DemoDataError
from api.demo.files import CARRIERS, HOLIDAYS, POSTAL_CODES, example_file
from api.demo.network import read_locations, read_postal_codes
from api.demo.orders import read_invoices
from api.demo.placing import Done, do_all
from api.demo.rows import read_rows
from api.demo.stocking import plan_stock, scattered
from api.demo.survey import Survey, survey
from eventstore.datastore import Datastore
from eventstore.main import Partition, open_partition
from eventstore.places import Place
from eventstore.reference.loading import load_carriers, load_holidays
from eventstore.reference.postal_codes import load_postal_codes
from eventstore.reference.sets import all_sets
from eventstore.reference.tables import read_text
from eventstore.settings import Settings
from projections.catalogue import READ_MODELS
from projections.facts import PostgresFacts
from projections.install import install
from projections.waiting import wait_for

PATIENCE: Final = 600.0
"""Seconds that read models may take to catch up with what was just written."""

Advance = Callable[[], object]
Stage = Callable[[str, int], Advance]
"""Begins a stage of so many steps and returns what is called after each."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading came to: seconds from the first order's command to the last commit.

    `setup_seconds` went before: network, items and stock, and read models catching up.
    """

    survey: Survey
    orders: Done
    seconds: float
    setup_seconds: float


def is_loaded(partition: Partition, found: Survey) -> bool:
    """Say whether every order of the file was answered before."""
    with partition.datastore.connect() as connection:
        row = connection.execute(
            partition.datastore.sql(
                "SELECT count(*) FROM {schema}.commands "
                "WHERE principal = %s AND command_type = 'PlaceOrder'"
            ),
            [DEMO.principal],
        ).fetchone()
    return row is not None and row[0] >= found.reconciliation.orders


def load(
    partition: Partition, path: Path, found: Survey, stage: Stage, *, is_scattered: bool = False
) -> Loaded:
    """Do everything the file asks for; what was done by an earlier start is not done again.

    `is_scattered`: stock lies at all locations alike, so that more orders must be split.

    Raises:
        DemoDataError: the file cannot be understood, or the read models do not keep up.
    """
    locations = read_locations()
    codes = read_postal_codes()
    plan = plan_stock(found.demand, scattered(locations) if is_scattered else locations)
    first = next((one for one in read_invoices(read_rows(path)) if one.is_order), None)
    if first is None:
        raise NothingToOrderError(path)
    script = Script(partition.name, first.occurred_at)
    started = time.perf_counter()
    oms = partition.oms
    do_all(oms, script.network(locations), advance=stage("Opening locations", len(locations) + 1))
    do_all(oms, script.items(found.names), advance=stage("Registering items", len(found.names)))
    do_all(oms, script.stock(plan), advance=stage("Filling shelves", len(plan)))
    catch_up(partition)
    placing = time.perf_counter()
    orders: Iterator[Keyed] = (
        script.order(one, destination_of(one, codes))
        for one in read_invoices(read_rows(path))
        if one.is_order
    )
    done = do_all(oms, orders, advance=stage("Placing orders", found.reconciliation.orders))
    ended = time.perf_counter()
    return Loaded(found, done, seconds=ended - placing, setup_seconds=placing - started)


def survey_file(path: Path) -> Survey:
    """Read a file once and say what is in it.

    Raises:
        DemoDataError: a row cannot be understood.
    """
    return survey(read_invoices(read_rows(path)))


def catch_up(partition: Partition) -> None:
    """Wait until the read models have taken in everything.

    Raises:
        DemoDataError: they did not within ten minutes.
    """
    names = [model.name for model in READ_MODELS]
    if not wait_for(partition.datastore, partition.reader.head(), names, timeout=PATIENCE):
        raise ProjectionsBehindError


@contextmanager
def open_demo(place: Place, settings: Settings) -> Iterator[Partition]:
    """Open a partition with its read models installed and its reference data loaded."""
    with open_partition(place, settings, facts=PostgresFacts, migrate=True) as partition:
        install(partition.datastore, READ_MODELS)
        load_reference(partition.datastore)
        yield partition


def load_reference(datastore: Datastore) -> None:
    """Load the network's postal codes, holidays and carriers, where none of their kind are."""
    there = {one.kind for one in all_sets(datastore)}
    if "postal_codes" not in there:
        load_postal_codes(datastore, example_file(POSTAL_CODES), "GeoNames, CC BY 4.0")
    if "holidays" not in there:
        days = example_file(HOLIDAYS)
        load_holidays(datastore, read_text(days), str(days), "holidays 0.109, MIT")
    if "carriers" not in there:
        load_carriers(datastore, [example_file(CARRIERS)], "made up for the demo")


class NothingToOrderError(DemoDataError):
    """The file has no order in it."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(f"{path}: no row of it is an order")


class ProjectionsBehindError(DemoDataError):
    """The read models did not catch up."""

    def __init__(self) -> None:
        """Say how long was waited."""
        super().__init__(f"the read models did not catch up within {PATIENCE:.0f} s")
